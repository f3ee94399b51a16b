"""The copy of a record that its person may have: everything they may read, in one file."""
