"""What can be wrong with the table of access."""


class TableError(Exception):
    """The table of access cannot be used; the program does not start with it."""
