"""My kit.

What steadies a patient, in their order. How it was before and after can be left out. What
made things worse is set aside, and leads back to the room. Nobody else sees any of it,
unless the patient shares which exercises help.
"""

from __future__ import annotations

import zlib
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.practice.models import Doing, KitEntry, KitFile
from securebase.clinic.practice.queries import kit_visible_to, shares_help
from securebase.people.audit.models import AuditEvent
from tests import factories as make

pytestmark = pytest.mark.django_db

KIT = "/me/kit/"


def seen(me: Client, path: str = KIT) -> str:
    return me.get(path).content.decode()


def keep(me: Client, slug: str, **given: Any) -> str:
    answer = me.post(
        reverse("me_do", kwargs={"slug": slug}), {"key": uuid4(), **given}, follow=True
    )
    return str(answer.content.decode())


def add(me: Client, kind: str, **given: Any) -> Any:
    return me.post(reverse("me_kit_add", kwargs={"kind": kind}), given)


def titles(sam: Patient) -> list[str]:
    kit = kit_visible_to(make.the_account(sam), at=make.NOW.replace(year=2100))
    return [entry.title or entry.exercise for entry in kit]


# Doing an exercise


def test_what_was_felt_before_and_after_is_kept_and_said_with_its_doubt(me: Client) -> None:
    page = keep(me, "five-senses", before="8", after="4", window_before="too-much")

    assert "Before 8, now 4." in page
    assert "It has helped a little, once. This is early and may change." in page


def test_every_number_can_be_left_out(me: Client) -> None:
    page = keep(me, "five-senses")

    assert "Kept" in page
    assert Doing.objects.get().before is None


def test_sent_twice_it_is_kept_once(me: Client) -> None:
    key = uuid4()
    for _ in range(2):
        keep(me, "five-senses", key=key, before="8")

    assert Doing.objects.count() == 1


def test_a_number_that_was_not_offered_is_refused_and_the_page_stays(me: Client) -> None:
    answer = me.post("/me/kit/do/five-senses/", {"key": uuid4(), "before": "11"})

    assert answer.status_code == 422
    assert Doing.objects.count() == 0


def test_what_made_it_worse_is_set_aside_and_leads_back_to_the_room(me: Client) -> None:
    page = keep(me, "slow-breathing", do="worse")

    assert "You stopped. That was right" in page
    assert "Find three blue things." in page
    assert 'href="/help-now"' in page
    offered, _, aside = seen(me).partition("Set aside")
    assert "/me/kit/do/slow-breathing/" not in offered
    assert "Slow breathing" in aside


def test_looking_around_itself_leads_to_something_else(me: Client) -> None:
    assert "Push and walk" in keep(me, "look-around", do="worse")


def test_it_is_suggested_again_when_the_patient_wants_it_back(me: Client) -> None:
    keep(me, "slow-breathing", do="worse")
    me.post("/me/kit/exercise/slow-breathing/", {"do": "back"})

    assert "Set aside" not in seen(me)


def test_what_helped_most_comes_first_and_nothing_is_hidden(me: Client) -> None:
    before = seen(me)
    for _ in range(3):
        keep(me, "something-to-hold", before="8", after="3")
    after = seen(me)

    first = after.index("/me/kit/do/something-to-hold/")
    assert first < after.index("/me/kit/do/five-senses/")
    assert before.count("/me/kit/do/") == after.count("/me/kit/do/")


# What is in it


def test_own_words_are_kept_in_the_order_the_patient_chooses(me: Client, sam: Patient) -> None:
    for name in ("Sea", "Gran", "Bench"):
        add(me, "words", title=name, words="…")
    bench = KitEntry.objects.order_by("place").last()
    assert bench is not None
    me.post(reverse("me_kit_change", kwargs={"pk": bench.pk}), {"do": "up"})
    me.post(reverse("me_kit_change", kwargs={"pk": bench.pk}), {"do": "up"})
    me.post(reverse("me_kit_change", kwargs={"pk": bench.pk}), {"do": "up"})

    assert titles(sam) == ["Bench", "Sea", "Gran"]


def test_an_exercise_is_in_it_once(me: Client, sam: Patient) -> None:
    for _ in range(2):
        me.post("/me/kit/exercise/five-senses/")

    assert titles(sam) == ["five-senses"]


def test_it_can_be_changed_and_taken_out(me: Client, sam: Patient) -> None:
    add(me, "person", title="Ana", words="020 7946 0000")
    one = KitEntry.objects.get()
    path = reverse("me_kit_entry", kwargs={"pk": one.pk})
    me.post(path, {"title": "Ana B", "words": "After six", "version": 1})
    assert titles(sam) == ["Ana B"]

    me.post(reverse("me_kit_change", kwargs={"pk": one.pk}), {"do": "out"})
    assert titles(sam) == []


def test_two_open_windows_do_not_overwrite_each_other(me: Client, sam: Patient) -> None:
    add(me, "words", title="Sea", words="…")
    path = reverse("me_kit_entry", kwargs={"pk": KitEntry.objects.get().pk})
    me.post(path, {"title": "Lake", "words": "…", "version": 1})
    answer = me.post(path, {"title": "Pond", "words": "…", "version": 1})

    assert answer.status_code == 422
    assert 'value="Pond"' in answer.content.decode()
    assert titles(sam) == ["Lake"]


def test_a_full_kit_says_so(me: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = keep_terms(entries=1)
    monkeypatch.setattr("securebase.clinic.practice.actions.kit_terms", lambda: terms)
    add(me, "words", title="One")
    answer = add(me, "words", title="Two")

    assert answer.status_code == 422
    assert "yours is full" in answer.content.decode()


def keep_terms(**changed: int) -> Any:
    from dataclasses import replace

    from securebase.science.kit_terms import kit_terms

    return replace(kit_terms(), **changed)


# Pictures and sounds


def jpeg(*segments: bytes) -> bytes:
    scan = b"\xff\xda\x00\x02" + b"\x11\xff\x00\x22"
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xdb\x00\x04\x01\x02" + scan + b"\xff\xd9"


def png_part(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + kind + data + crc


def png(*parts: bytes) -> bytes:
    ends = png_part(b"IHDR", b"\0" * 13), png_part(b"IDAT", b"1"), png_part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + ends[0] + b"".join(parts) + ends[1] + ends[2]


WHERE = b"GPS 51.5 N"


@pytest.mark.parametrize(
    ("written", "kept", "media_type"),
    [
        (jpeg(b"\xff\xe1\x00\x0c" + WHERE), jpeg(), "image/jpeg"),
        (jpeg(b"\xff\xfe\x00\x0c" + WHERE) + WHERE, jpeg(), "image/jpeg"),
        (png(png_part(b"eXIf", WHERE), png_part(b"tEXt", WHERE)), png(), "image/png"),
    ],
    ids=["where it was taken", "a comment, and words after the end", "PNG"],
)
def test_a_picture_keeps_only_what_draws_it(
    me: Client, written: bytes, kept: bytes, media_type: str
) -> None:
    add(me, "picture", title="Sea", file=SimpleUploadedFile("x.jpg", written))
    answer = me.get(reverse("me_kit_file", kwargs={"pk": KitEntry.objects.get().pk}))

    assert answer.content == kept
    assert answer["Content-Type"] == media_type
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg onload=alert(1)>",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xdb\xff\xff",
        b"\xff\xd8\xff\xda\x00\x02 and no end",
        png()[:-3],
        png(png_part(b"tEXt", b"x")).replace(b"tEXt", b"tEXu"),
    ],
)
def test_what_is_no_whole_picture_is_refused_in_plain_words(me: Client, data: bytes) -> None:
    answer = add(me, "picture", title="Sea", file=SimpleUploadedFile("x.jpg", data))

    assert answer.status_code == 422
    assert "save it as JPEG" in answer.content.decode()
    assert KitFile.objects.count() == 0


@pytest.mark.parametrize(
    ("beginning", "media_type"),
    [
        (b"\x1aE\xdf\xa3", "audio/webm"),
        (b"OggS", "audio/ogg"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
    ],
)
def test_a_recording_is_known_by_its_first_bytes(
    me: Client, beginning: bytes, media_type: str
) -> None:
    add(me, "sound", title="Ana", file=SimpleUploadedFile("x.html", beginning + b"..."))
    answer = me.get(reverse("me_kit_file", kwargs={"pk": KitEntry.objects.get().pk}))

    assert answer["Content-Type"] == media_type


def test_something_else_is_no_recording(me: Client) -> None:
    answer = add(me, "sound", title="Ana", file=SimpleUploadedFile("x.webm", b"<html>"))

    assert "not a recording we can keep" in answer.content.decode()


def test_a_file_that_is_too_large_is_refused_with_its_size(me: Client) -> None:
    large = SimpleUploadedFile("x.webm", b"\x1aE\xdf\xa3" + b"." * 1_600_000)

    assert "This has 1.6 MB" in add(me, "sound", title="Ana", file=large).content.decode()


def test_only_the_page_that_records_may_ask_for_the_microphone(me: Client) -> None:
    said = {
        kind: me.get(f"{KIT}add/{kind}/")["Permissions-Policy"] for kind in ("sound", "words")
    }

    assert "microphone=(self)" in said["sound"]
    assert "microphone=()" in said["words"]


# Who sees it


def test_nobody_else_opens_it(me: Client, sam: Patient) -> None:
    add(me, "words", title="Sea")
    one = KitEntry.objects.get()
    other = Client()
    other.force_login(make.the_account(make.a_patient(of=make.a_clinician(), name="Alex")))
    paths = [
        reverse("me_kit_entry", kwargs={"pk": one.pk}),
        reverse("me_kit_file", kwargs={"pk": one.pk}),
    ]

    assert [other.get(path).status_code for path in paths] == [404, 404]
    assert other.post(reverse("me_kit_change", kwargs={"pk": one.pk})).status_code == 404


def test_what_helps_is_shared_only_when_the_patient_says_so(me: Client, sam: Patient) -> None:
    assert not shares_help(sam)
    me.post("/me/kit/sharing/", {"wanted": "yes"})
    assert shares_help(sam)
    assert "Stop sharing what helps" in seen(me)

    me.post("/me/kit/sharing/", {"wanted": "no"})
    assert not shares_help(sam)


def test_the_page_of_an_exercise_says_who_sees_how_it_was(me: Client) -> None:
    path = "/me/kit/do/slow-breathing/"
    assert "Only you see this." in me.get(path).content.decode()

    me.post("/me/kit/sharing/", {"wanted": "yes"})

    page = me.get(path).content.decode()
    assert "Only you see this." not in page
    assert "those who treat you can see it" in page


@pytest.mark.parametrize("path", ["add/exercise/", "add/gun/", "do/fly-away/"])
def test_what_does_not_exist_is_a_404(me: Client, path: str) -> None:
    assert me.get(KIT + path).status_code == 404


# As the clinician sees it


@pytest.fixture
def jo(sam: Patient) -> Client:
    """Return the browser of the clinician of record."""
    clinician, browser = sam.bonds.get().clinician, Client()
    make.with_factor(clinician)
    browser.force_login(clinician)
    return browser


def test_a_clinician_is_told_that_it_is_not_shared_and_nothing_else(
    me: Client, jo: Client, sam: Patient
) -> None:
    keep(me, "five-senses", before="8", after="4")
    page = jo.get(f"/desk/people/{sam.pk}/helps").content.decode()

    assert "Not shared" in page
    assert "Five, four" not in page


def test_shared_the_clinician_reads_what_the_patient_reads_and_leaves_a_row(
    me: Client, jo: Client, sam: Patient
) -> None:
    keep(me, "five-senses", before="8", after="4")
    add(me, "words", title="Sea wall at dusk")
    me.post("/me/kit/sharing/", {"wanted": "yes"})
    page = jo.get(f"/desk/people/{sam.pk}/helps").content.decode()

    assert "It has helped a little, once. This is early and may change." in page
    assert "Sea wall" not in page
    assert AuditEvent.objects.filter(verb="practice.help.read", patient=sam.pk).count() == 1
