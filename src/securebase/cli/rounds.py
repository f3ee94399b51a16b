"""One round of the worker: turn the clock once, then see to the duties of the day.

The duties come last: they may take minutes, and no letter waits for them.
"""

from __future__ import annotations

import logging
import os

from django.db import close_old_connections
from django.utils import timezone

from securebase.jobs.daily import do_daily
from securebase.jobs.new_keys import renew_keys
from securebase.jobs.tick import tick

logger = logging.getLogger(__name__)


def go_round() -> None:
    """Do what is due now; a stumble is logged, and the next round tries again."""
    close_old_connections()
    try:
        tick(at=timezone.now())
        worker = f"worker {os.getpid()}"
        renew_keys(at=timezone.now(), worker=worker)
        do_daily(at=timezone.now(), worker=worker)
    except Exception:
        logger.exception("the worker stumbled")
