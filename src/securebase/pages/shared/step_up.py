"""Asking once more who it is, before what cannot be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from allauth.account.decorators import reauthentication_required

V = TypeVar("V", bound=Callable[..., Any])


def asked_again(view: V) -> V:
    """Let nobody into a view who did not show a few minutes ago who they are."""
    return cast("V", reauthentication_required(view))
