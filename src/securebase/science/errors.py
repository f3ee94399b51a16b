"""What can go wrong in science.

ScienceError
├─ ContentError        a definition, card or threshold file is not usable
├─ UnknownName         no instrument, score or strategy of that name
├─ BadInput            a file or argument from outside, refused whole
└─ AnswerOutOfRange    an answer outside the scale of its item

Every message says what, which value, what is allowed and what to do next; it names
the item, never the person.
"""


class ScienceError(ValueError):
    """The arguments do not describe something that can be worked out."""


class ContentError(ScienceError):
    """A file in ``content`` contradicts itself or lacks something it must have."""


class UnknownName(ScienceError):
    """No instrument, score or strategy goes by that name."""


class BadInput(ScienceError):
    """Input from outside is refused whole, before anything is written."""


class AnswerOutOfRange(BadInput):
    """An answer lies outside the scale of its item."""
