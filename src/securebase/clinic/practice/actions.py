"""Keeping a doing, building the kit, and choosing what is shared."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max

from securebase.clinic.care.models import Patient
from securebase.clinic.practice.entries import Done, File, Kept
from securebase.clinic.practice.models import (
    AnsweredOffline,
    Doing,
    HelpShared,
    KitEntry,
    KitFile,
    SetAside,
)
from securebase.clinic.practice.policies import check_can_keep, check_can_see_help
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.kit_terms import kit_terms


@transaction.atomic
def keep_doing(*, patient: Patient, done: Done, by: User, at: datetime) -> Doing:
    """Keep one doing; sent again under its key it changes nothing.

    An exercise that made things worse is set aside: it is not suggested any more.
    """
    check_can_keep(by, patient, at=at)
    done.check()
    if Doing.objects.filter(pk=done.key).exclude(patient=patient).exists():
        raise PermissionDenied("This was kept under another key. Open the page once more.")
    doing, is_new = Doing.objects.get_or_create(
        pk=done.key,
        patient=patient,
        defaults={
            "exercise": done.exercise,
            "before": done.before,
            "after": done.after,
            "window_before": done.window_before,
            "window_after": done.window_after,
            "made_worse": done.made_worse,
            "done_at": at,
        },
    )
    if is_new:
        if done.made_worse:
            SetAside.objects.get_or_create(
                patient=patient, exercise=done.exercise, defaults={"since": at}
            )
        trail.record(Verb.PRACTICE_DO, by=by, at=at, patient=patient.pk, about=doing)
    return doing


@transaction.atomic
def want_back(*, patient: Patient, exercise: str, by: User, at: datetime) -> None:
    """Suggest an exercise again that was set aside."""
    check_can_keep(by, patient, at=at)
    gone, _ = SetAside.objects.filter(patient=patient, exercise=exercise).delete()
    if gone:
        trail.record(Verb.PRACTICE_RETURN, by=by, at=at, patient=patient.pk)


@transaction.atomic
def keep_in_kit(*, patient: Patient, kept: Kept, by: User, at: datetime) -> KitEntry:
    """Put one thing at the end of the kit; an exercise that is there already stays once."""
    check_can_keep(by, patient, at=at)
    file = kept.check()
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    mine = KitEntry.objects.filter(patient=patient)
    if kept.exercise and (there := mine.filter(exercise=kept.exercise).first()):
        return there
    if mine.count() >= kit_terms().entries:
        raise ValidationError(
            f"A kit holds up to {kit_terms().entries} things, and yours is full. "
            "Take one out first."
        )
    last = mine.aggregate(last=Max("place"))["last"]
    entry = KitEntry.objects.create(
        patient=patient,
        kind=kept.kind,
        exercise=kept.exercise,
        title=kept.title.strip(),
        words=kept.words,
        place=0 if last is None else last + 1,
        added_at=at,
    )
    if file is not None:
        _keep_file(entry, file)
    trail.record(Verb.KIT_KEEP, by=by, at=at, patient=patient.pk, about=entry)
    return entry


@transaction.atomic
def change_entry(
    *, entry: KitEntry, kept: Kept, version: int, by: User, at: datetime
) -> KitEntry:
    """Change the words of one's own entry, if nobody changed it since ``version``."""
    entry = KitEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    check_can_keep(by, entry.patient, at=at)
    if entry.version != version:
        raise ValidationError(
            "This was changed in another window meanwhile. Your words are still here: "
            "look at both, then keep again."
        )
    Kept(kind="words", title=kept.title, words=kept.words).check()
    entry.title, entry.words = kept.title.strip(), kept.words
    entry.version += 1
    entry.save(update_fields=["title", "words", "version"])
    trail.record(Verb.KIT_KEEP, by=by, at=at, patient=entry.patient_id, about=entry)
    return entry


@transaction.atomic
def move_entry(*, entry: KitEntry, up: bool, by: User, at: datetime) -> None:
    """Let an entry and its neighbour change places; at the end of the list, nothing."""
    check_can_keep(by, entry.patient, at=at)
    kit = list(
        KitEntry.objects.select_for_update(no_key=True)
        .filter(patient=entry.patient)
        .defer("title")
    )
    here = next(n for n, one in enumerate(kit) if one.pk == entry.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(kit):
        return
    kit[here], kit[there] = kit[there], kit[here]
    for place, one in enumerate(kit):
        KitEntry.objects.filter(pk=one.pk).update(place=place)
    trail.record(Verb.KIT_KEEP, by=by, at=at, patient=entry.patient_id, about=entry)


@transaction.atomic
def take_out(*, entry: KitEntry, by: User, at: datetime) -> None:
    """Take one thing out of the kit for good, with its picture or sound."""
    check_can_keep(by, entry.patient, at=at)
    trail.record(Verb.KIT_REMOVE, by=by, at=at, patient=entry.patient_id, about=entry)
    entry.delete()


@transaction.atomic
def share_help(*, patient: Patient, wanted: bool, by: User, at: datetime) -> None:
    """Let those who treat the patient see which exercises help, or see nothing again."""
    check_can_keep(by, patient, at=at)
    if wanted:
        HelpShared.objects.get_or_create(patient=patient, defaults={"since": at})
    else:
        HelpShared.objects.filter(patient=patient).delete()
    trail.record(Verb.PRACTICE_SHARE, by=by, at=at, patient=patient.pk)


@transaction.atomic
def note_help_read(*, patient: Patient, by: User, at: datetime) -> None:
    """Record that somebody looked at which exercises help."""
    check_can_see_help(by, patient, at=at)
    trail.record(Verb.PRACTICE_READ, by=by, at=at, patient=patient.pk)


@transaction.atomic
def note_copy(*, patient: Patient, by: User, at: datetime) -> None:
    """Record that the kit was copied onto a device."""
    check_can_keep(by, patient, at=at)
    trail.record(Verb.KIT_COPY, by=by, at=at, patient=patient.pk)


@transaction.atomic
def mark_offline(
    *, patient: Patient, sent: AnsweredOffline, by: User, at: datetime
) -> AnsweredOffline:
    """Keep that a check-in was answered without a connection; the same one once."""
    check_can_keep(by, patient, at=at)
    kept, _ = AnsweredOffline.objects.get_or_create(
        checkin=sent.checkin,
        patient=patient,
        defaults={"answered_at": sent.answered_at, "arrived_at": at},
    )
    return kept


def _keep_file(entry: KitEntry, file: File) -> None:
    KitFile.objects.create(
        entry=entry,
        patient_id=entry.patient_id,
        media_type=file.media_type,
        size=len(file.data),
        content=b64encode(file.data).decode(),
    )
