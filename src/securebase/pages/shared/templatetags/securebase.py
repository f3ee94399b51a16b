"""The components: pages are made of these and of nothing else.

Each tag lays out one template of ``shared/components/``; the style page shows them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_noop

from securebase.pages.shared.language.content import spoken
from securebase.pages.shared.leaving import leaving
from securebase.pages.shared.navigation import home_of, rail_items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.forms import BoundField
    from django.template.context import Context
    from django.utils.safestring import SafeString

    from securebase.pages.shared.shapes import (
        Link,
        SignalRow,
        SuggestionCard,
        TimelineEntry,
    )

register = template.Library()

STATE_WORDS = {"settled": "Settled", "look": "Look", "now": "Now"}
AVATAR_HUES = 6


def _component(name: str) -> str:
    return f"shared/components/{name}.html"


def _path(context: Context) -> str:
    request = context.get("request")
    return str(request.path) if request is not None else "/"


# Shell


@register.inclusion_tag(_component("rail"), takes_context=True)
def rail(context: Context, name: str) -> dict[str, Any]:
    """Show the rail ``name`` (desk or keep), its current place marked."""
    user = getattr(context.get("request"), "user", None)
    roles = getattr(user, "roles", None)
    return {"items": rail_items(name, path=_path(context), roles=roles)}


@register.inclusion_tag(_component("wordmark"), takes_context=True)
def wordmark(context: Context) -> dict[str, Any]:
    """Show the practice's name, leading to the audience's first page."""
    return {
        "name": context.get("practice") or "Securebase",
        "home": home_of(_path(context)),
    }


@register.inclusion_tag(_component("who_am_i"), takes_context=True)
def who_am_i(context: Context) -> dict[str, Any]:
    """Show who is signed in, with lock and sign out; nothing when nobody is."""
    request = context.get("request")
    return {
        "user": getattr(request, "user", None),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag(_component("leave"), takes_context=True)
def leave_this_page(context: Context) -> dict[str, Any]:
    """Show quick exit: a plain link that ``leave.js`` makes faster."""
    return {"leaving": leaving(), "hidden": getattr(context.get("discreet"), "hidden", False)}


@register.inclusion_tag(_component("help_now"))
def help_now() -> dict[str, Any]:
    """Show the way to crisis help, one tap from every patient page."""
    return {}


@register.inclusion_tag(_component("theme_switch"))
def theme_switch() -> dict[str, Any]:
    """Show the choice of light, dark or as the device does."""
    return {}


# Small things


@register.filter(name="spoken")
def spoken_filter(thing: Any) -> Any:
    """Say a text of the content in the reader's language."""
    return spoken(thing)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Show one drawing of the sprite; it is decoration, so words must stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("shared/icons.svg"),
        name,
    )


@register.inclusion_tag(_component("pill"))
def pill(state: str, word: str = "") -> dict[str, Any]:
    """Show a state (settled, look or now) as word, icon and hue together."""
    if state not in STATE_WORDS:
        raise ValueError(f"A pill's state is one of {', '.join(STATE_WORDS)}, got {state!r}.")
    return {"state": state, "word": word or STATE_WORDS[state]}


@register.inclusion_tag(_component("avatar"))
def avatar(name: str, size: str = "") -> dict[str, Any]:
    """Show a person's initials on one of six quiet colours, the same on every page."""
    parts = name.replace(".", " ").split()
    initials = "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()
    hue = sum(ord(letter) for letter in name) % AVATAR_HUES
    return {"name": name, "initials": initials, "hue": hue, "size": size}


@register.inclusion_tag(_component("progress"))
def progress(done: int, total: int, label: str = gettext_noop("Question")) -> dict[str, Any]:
    """Show how far one is: "Question 3 of 12", with a line that fills."""
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag(_component("steps"))
def steps(names: Sequence[str], current: int) -> dict[str, Any]:
    """Show the named steps of a short way; ``current`` counts from one."""
    places = ["done" if n < current else "todo" for n in range(1, len(names) + 1)]
    places[current - 1] = "here"
    return {"steps": list(zip(names, places, strict=True))}


@register.inclusion_tag(_component("stat"))
def stat(
    label: str, value: str | float, *, unit: str = "", give: str = "", note: str = ""
) -> dict[str, Any]:
    """Show one number with its uncertainty (``give``, as "± 4") and what it rests on."""
    return {"label": label, "value": value, "unit": unit, "give": give, "note": note}


@register.inclusion_tag(_component("definitions"))
def definitions(pairs: Mapping[str, Any] | Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Show words and their values, a pair to a line."""
    return {"pairs": list(pairs.items()) if hasattr(pairs, "items") else list(pairs)}


@register.inclusion_tag(_component("breadcrumb"))
def breadcrumb(trail: Sequence[Link], here: str) -> dict[str, Any]:
    """Show the way here: links above this page, then this page's word."""
    return {"trail": trail, "here": here}


@register.inclusion_tag(_component("page_header"))
def page_header(
    title: str, lead: str = "", *, aside: str = "", back: Link | None = None
) -> dict[str, Any]:
    """Show the page's only h1, a sentence under it, and a way back."""
    return {"title": title, "lead": lead, "aside": aside, "back": back}


@register.inclusion_tag(_component("door"))
def door(title: str, url: str, *, text: str = "", icon: str = "arrow") -> dict[str, Any]:
    """Show a large way in, for a patient's first page."""
    return {"title": title, "url": url, "text": text, "icon": icon}


@register.inclusion_tag(_component("empty"))
def empty(
    title: str, text: str = "", *, icon: str = "leaf", action: Link | None = None
) -> dict[str, Any]:
    """Show that nothing is here, why that is fine, and what one may do."""
    return {"title": title, "text": text, "icon": icon, "action": action}


@register.inclusion_tag(_component("busy"))
def busy(words: str = "One moment.", name: str = "") -> dict[str, Any]:
    """Say that work is under way; seen only while htmx waits, ``name`` for hx-indicator."""
    return {"words": words, "name": name}


# Questions


@register.inclusion_tag(_component("choices"))
def choices(field: BoundField) -> dict[str, Any]:
    """Show a choice field as big answers, one to a line, each a whole target."""
    return {"field": field}


@register.inclusion_tag(_component("slider"))
def slider(field: BoundField, low: str = "", high: str = "") -> dict[str, Any]:
    """Show a whole-number field as a line between two words, with the number beside it."""
    return {"field": field, "low": low, "high": high}


# From what was noticed to what may help


@register.inclusion_tag(_component("signal_row"))
def signal_row(row: SignalRow) -> dict[str, Any]:
    """Show one reason to look and the ways on from it."""
    return {"row": row}


@register.inclusion_tag(_component("suggestion"), takes_context=True)
def suggestion(context: Context, card: SuggestionCard) -> dict[str, Any]:
    """Show a strategy with its because, its evidence, and the decision on it."""
    return {"card": card, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag(_component("timeline_entry"))
def timeline_entry(entry: TimelineEntry) -> dict[str, Any]:
    """Show something that happened; entries stand inside ``<ol class="timeline">``."""
    return {"entry": entry}


# Around other content


@register.simple_block_tag
def card(content: str, title: str = "", *, level: int = 2, tone: str = "") -> SafeString:
    """Show content on a sheet of its own; ``tone`` is empty, quiet, look or now."""
    words = {"content": content, "title": title, "level": level, "tone": tone}
    return render_to_string(_component("card"), words)


@register.simple_block_tag
def notice(content: str, title: str = "", *, tone: str = "info") -> SafeString:
    """Say something calmly; ``tone`` is info, settled, look or now."""
    words = {"content": content, "title": title, "tone": tone}
    return render_to_string(_component("notice"), words)


@register.simple_block_tag
def disclosure(content: str, summary: str, *, opened: bool = False) -> SafeString:
    """Show more on wish."""
    words = {"content": content, "summary": summary, "opened": opened}
    return render_to_string(_component("disclosure"), words)


@register.simple_block_tag
def table(content: str, caption: str, *, unseen: bool = False) -> SafeString:
    """Wrap table rows so that a wide table scrolls by itself, also by keyboard."""
    words = {"content": content, "caption": caption, "unseen": unseen}
    return render_to_string(_component("table"), words)


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context, content: str, ask: str, *, url: str, do: str, name: str = ""
) -> SafeString:
    """Ask once more in place: ``ask`` opens the words, ``do`` posts to ``url``."""
    words = {"content": content, "ask": ask, "url": url, "do": do, "name": name}
    return render_to_string(
        _component("confirm"), words | {"csrf_token": context.get("csrf_token")}
    )
