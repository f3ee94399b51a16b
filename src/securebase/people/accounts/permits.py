"""How every policy answers a question: by trying the check that would refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from django.core.exceptions import PermissionDenied

P = ParamSpec("P")


def granted(check: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether a check lets this through, so that ``can_*`` never disagrees with it."""
    try:
        check(*args, **kwargs)
    except PermissionDenied:
        return False
    return True
