"""The instrument library: what there is to ask, what each is worth, and what may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from securebase.clinic.measurement.wordings import Words, words_here, words_of
from securebase.pages.clinician import library_facts as facts
from securebase.pages.clinician.rhythm_form import can_be_planned
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.science.groups import put_together
from securebase.science.library import instruments, not_shipped
from securebase.science.packs import Pack, Packs, packs_here
from securebase.science.words import Instrument


@dataclass(frozen=True, slots=True)
class Entry:
    """One instrument of the list."""

    instrument: Instrument
    words: Words
    packs: Sequence[Pack] = ()

    @property
    def standing(self) -> facts.Standing:
        """Whether its words are shown here."""
        return facts.standing(self.instrument, self.words, packed=bool(self.packs))

    @property
    def spoken(self) -> str:
        """The languages it can be shown in, or could be once its pack is switched on."""
        spoken = ", ".join(facts.languages(self.instrument, self.words))
        codes = {code: one for pack in self.packs for code, one in pack.wordings.items()}
        packed = ", ".join(facts.languages(self.instrument, codes))
        return spoken or (f"{packed} in its pack" if packed else "no wording shipped")

    @property
    def length(self) -> str:
        """Questions, minutes and languages."""
        count = len(put_together(self.instrument.items))
        return (
            f"{count} question{'' if count == 1 else 's'}, "
            f"about {self.instrument.minutes:g} min, {self.spoken}"
        )


@for_audience(Audience.CLINICIAN, impersonal="the library of instruments")
@require_safe
def library(request: SignedInRequest) -> HttpResponse:
    """List the instruments whose name or subject holds the words asked for."""
    wanted, words, packs = request.GET.get("q", "").strip(), words_here(), packs_found()
    entries = [
        Entry(asked, words[asked.slug], packs.of(asked.slug))
        for asked in instruments().values()
        if _holds(f"{asked.slug} {asked.name} {asked.measures}", wanted)
    ]
    context = {
        "wanted": wanted,
        "entries": sorted(entries, key=lambda entry: entry.instrument.name.casefold()),
        "absent": _absent(wanted),
        "problems": left_out(),
    }
    return render(request, "clinician/library.html", context)


@for_audience(Audience.CLINICIAN, impersonal="one instrument of the library")
@require_safe
def instrument(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show all that is known of one instrument, or answer 404."""
    asked = instruments().get(slug)
    if asked is None:
        raise Http404
    words = words_of(asked)
    entry = Entry(asked, words, packs_found().of(slug))
    context = {
        "entry": entry,
        "asked": asked,
        "about": _about(entry),
        "scores": facts.scores(asked),
        "findings": [outcome.label for outcome in asked.outcomes if outcome.label],
        "figures": facts.figures(asked),
        "previews": facts.previews(asked, words),
        "plannable": can_be_planned(asked, words),
    }
    return render(request, "clinician/library_instrument.html", context)


def packs_found() -> Packs:
    """Return the packs that come with the program and those that lie beside the data."""
    return packs_here(Path(settings.DATA_DIR) / "packs")


def left_out() -> list[str]:
    """Return why banks and packs that lie beside the data cannot be used."""
    banks: tuple[str, ...] = apps.get_app_config("measurement").bank_problems  # type: ignore[attr-defined]
    return [f"Bank {why}" for why in banks] + [f"Pack {why}" for why in packs_found().problems]


def _holds(text: str, wanted: str) -> bool:
    """Whether every word asked for is in a text; "phq9" finds PHQ-9."""
    plain = text.casefold()
    searched = f"{plain} {plain.replace('-', '')}"
    return all(word in searched for word in wanted.casefold().split())


def _absent(wanted: str) -> Mapping[str, str]:
    """Return what people ask for and will not find, by the same words."""
    return {name: why for name, why in not_shipped().items() if _holds(name, wanted)}


def _about(entry: Entry) -> list[tuple[str, str]]:
    """Return what an instrument asks about and how, as words and values."""
    asked = entry.instrument
    count = len(put_together(asked.items))
    told = [
        ("Asks about", asked.recall),
        ("Length", f"{count} question{'' if count == 1 else 's'}, about {asked.minutes:g} min"),
        ("Languages", entry.spoken),
        ("Validated", "yes" if asked.validated else "not validated"),
    ]
    if asked.order == "random":
        told.append(("Order", "new each time, as the authors ask"))
    if asked.target:
        told.append(("Answered for", f"one {asked.target} at a time"))
    if asked.once:
        told.append(("How often", "once; never as an outcome"))
    if asked.at_home:
        told.append(("At home", asked.at_home))
    if asked.interval_days:
        told.append(("How often", f"not sooner than after {asked.interval_days} days"))
    return [*told, ("Version", asked.version)]
