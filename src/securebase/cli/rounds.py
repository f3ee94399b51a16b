"""One round of the worker: tick the clock, then send what waits."""

from __future__ import annotations

import logging
import os

from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from securebase.jobs.tick import tick

logger = logging.getLogger(__name__)


def go_round() -> None:
    """Do what is due now; a stumble is logged, and the next round tries again."""
    close_old_connections()
    try:
        tick(at=timezone.now())
        _tasks().run()
    except Exception:
        logger.exception("the worker stumbled")


def _tasks() -> Worker:
    """Return a worker that runs every task that waits, then comes back."""
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"beside-{os.getpid()}",
        excluded_queue_names=[],
    )
