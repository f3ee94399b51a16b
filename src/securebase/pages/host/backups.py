"""The backups, for the host: which were restored as a trial, and what to do if one was not."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.stories.keep_safe.proofs import on_the_same_disk, proofs
from securebase.stories.keep_safe.rule import late_after, most_shown, rule_in_force


@for_audience(Audience.HOST, impersonal="which backups can be restored")
@require_safe
@in_practice_time
def backups(request: SignedInRequest) -> HttpResponse:
    """Show the proof of each backup, the newest first, and how to restore one."""
    found = proofs()
    folder = Path(settings.SECUREBASE_BACKUP_DIR)
    last = found[0] if found else None
    here = {proof.backup for proof in found if (folder / proof.backup).is_file()}
    shown = [(proof, proof.backup in here) for proof in found[: most_shown()]]
    context = {
        "shown": shown,
        "last": last,
        "late": last is not None and timezone.now() - last.at > late_after(),
        "same_disk": on_the_same_disk(),
        "folder": folder,
        "rule": rule_in_force(),
    }
    return render(request, "host/backups.html", context)
