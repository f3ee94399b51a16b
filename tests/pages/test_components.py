"""Components.

Pages are made of components, and the style page shows every one of them in every state.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.urls import path

from securebase.pages import shared
from securebase.pages.shared import navigation
from securebase.pages.shared.samples import SampleForm
from securebase.pages.shared.shapes import SignalRow
from securebase.pages.shared.style import ICONS, style

if TYPE_CHECKING:
    from django.http import HttpRequest

pytestmark = [pytest.mark.urls(__name__), pytest.mark.any_database]
urlpatterns = [
    path(address, style, name=name)
    for address, name in [
        ("keep/style/", "style"),
        ("desk/", "today"),
        ("desk/people/", "people"),
        ("account/logout/", "account_logout"),
        ("lock/", "lock"),
    ]
]

ROOM = Path(shared.__file__).parent
SCRIPT = "<script>alert(1)</script>"


def request_for(path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


@pytest.fixture
def style_page(db: None) -> tuple[str, set[str]]:
    """Return the style page and the names of all templates it was laid out from."""
    used: set[str] = set()

    def note(template: Template, **_: Any) -> None:
        used.add(str(template.name))

    template_rendered.connect(note)
    html = style(request_for("/keep/style/")).content.decode()
    template_rendered.disconnect(note)
    return html, used


def show(source: str, **words: Any) -> str:
    return Template("{% load securebase %}" + source).render(Context(words))


def test_every_component_is_shown_on_the_style_page(style_page: tuple[str, set[str]]) -> None:
    _, used = style_page

    made = {
        f"shared/components/{path.name}"
        for path in (ROOM / "templates/shared/components").iterdir()
    }
    assert made - used == set()


def test_the_style_page_shows_light_beside_dark(style_page: tuple[str, set[str]]) -> None:
    html, _ = style_page

    assert html.count('data-theme="light"') == 1
    assert html.count('data-theme="dark"') == 1


def test_no_id_of_the_style_page_repeats(style_page: tuple[str, set[str]]) -> None:
    ids = re.findall(r'\bid="([^"]+)"', style_page[0])

    assert sorted(ids) == sorted(set(ids))


def test_the_style_page_has_one_first_heading(style_page: tuple[str, set[str]]) -> None:
    assert style_page[0].count("<h1") == 1


def test_nothing_inline_and_nothing_from_elsewhere(style_page: tuple[str, set[str]]) -> None:
    html, _ = style_page

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)", html)
    assert set(re.findall(r'(?:src|href)="(https?://[^/"]+)', html)) <= {
        "https://www.bbc.co.uk"
    }


def test_every_icon_is_drawn_and_every_drawing_is_shown() -> None:
    sprite = (ROOM / "static/shared/icons.svg").read_text()

    assert sorted(ICONS) == sorted(re.findall(r'<symbol id="([a-z]+)"', sprite))


@pytest.mark.parametrize("state", ["settled", "look", "now"])
def test_a_state_is_word_icon_and_hue(state: str) -> None:
    html = show("{% pill state %}", state=state)

    assert state.capitalize() in html
    assert f"icons.svg#{state}" in html
    assert f"pill-{state}" in html


def test_a_state_that_is_none_of_the_three_is_refused() -> None:
    with pytest.raises(ValueError, match="one of settled, look, now, got 'red'"):
        show("{% pill 'red' %}")


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Jo Rivers", "JR"), ("A.M.", "AM"), ("Cher", "C"), ("Ana de la Cruz", "AC"), ("", "")],
)
def test_an_avatar_holds_first_and_last_initial(name: str, initials: str) -> None:
    assert f">{initials}</span>" in show("{% avatar name %}", name=name)


def test_big_answers_are_radios_with_the_question_as_legend() -> None:
    html = show("{% choices form.answer %}", form=SampleForm())

    assert "<legend" in html
    assert html.count('type="radio"') == html.count('class="choice"') == 3


def test_a_slider_asks_by_number_so_that_it_works_without_script() -> None:
    html = show("{% slider form.safe 'not at all' 'fully' %}", form=SampleForm())

    assert re.search(r'type="number"[^>]*name="safe"', html)
    assert re.search(r'type="range"[^>]*hidden', html)
    assert html.count("name=") == 1


def test_an_error_stands_at_its_field_and_keeps_what_was_typed() -> None:
    form = SampleForm({"email": "not an address"})

    html = form["email"].as_field_group()

    assert 'id="id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="not an address"' in html


def test_errors_of_a_whole_form_are_said_first() -> None:
    class Refused(forms.Form):
        name = forms.CharField(required=False)

        def clean(self) -> None:
            raise forms.ValidationError(SCRIPT)

    html = str(Refused({}))

    assert 'role="alert"' in html
    assert "<script" not in html


@pytest.mark.parametrize(
    "source",
    [
        "{% card words %}{{ words }}{% endcard %}",
        "{% notice words %}{{ words }}{% endnotice %}",
        "{% disclosure words %}{{ words }}{% enddisclosure %}",
        "{% table words %}{{ words }}{% endtable %}",
        "{% confirm words url=words do=words %}{{ words }}{% endconfirm %}",
        "{% page_header words words %}",
        "{% stat words words %}",
        "{% empty words words %}",
        "{% door words words text=words %}",
        "{% avatar words %}",
        "{% signal_row row %}",
    ],
)
def test_words_from_people_stay_text(source: str) -> None:
    row = SignalRow("look", SCRIPT, SCRIPT, SCRIPT, tries=SCRIPT, when=SCRIPT)

    assert "<script" not in show(source, words=SCRIPT, row=row)


@pytest.mark.parametrize("shell", ["desk", "me", "plain", "keep"])
def test_every_shell_has_a_way_past_the_top_and_its_landmarks(shell: str, db: None) -> None:
    html = render_to_string(f"shared/shell_{shell}.html", {}, request=request_for("/"))

    assert '<a class="skip" href="#main">' in html
    assert html.count("<main") == html.count("<h1") == html.count("<header") == 1


def test_who_is_signed_in_can_lock_and_sign_out() -> None:
    request = SimpleNamespace(path="/desk/", user=SimpleNamespace(is_authenticated=True))

    html = show("{% who_am_i %}", request=request, csrf_token="t")

    assert re.search(r'method="post" action="/lock/"', html)
    assert re.search(r'method="post" action="/account/logout/"', html)


def test_a_patient_can_always_leave_and_find_help(db: None) -> None:
    html = render_to_string("shared/shell_me.html", {}, request=request_for("/me/"))

    assert 'href="/help-now"' in html
    assert re.search(r'<a[^>]*href="/leave"[^>]*rel="nofollow noreferrer"', html)
    assert re.search(r'data-to="https://[^"]+"', html)


@pytest.mark.parametrize(("theme", "set_"), [("dark", True), ("light", True), ('x" y', False)])
def test_a_chosen_theme_is_there_from_the_first_paint(theme: str, set_: bool, db: None) -> None:
    request = request_for("/")
    request.COOKIES["theme"] = theme

    html = render_to_string("shared/shell_plain.html", {}, request=request)

    assert (f'data-theme="{theme}"' in html) is set_


def test_a_rail_leads_only_to_places_that_exist() -> None:
    items = navigation.rail_items("desk", path="/desk/people/7/")

    assert [item.place.label for item in items] == ["Today", "People"]
    assert [item.place.label for item in items if item.current] == ["People"]


@pytest.mark.parametrize("path", ["/desk/signals/7/", "/desk/ruptures/7/", "/desk/apart/7/"])
def test_a_page_about_somebody_belongs_to_people_wherever_its_address_begins(
    path: str,
) -> None:
    items = navigation.rail_items("desk", path=path)

    assert [item.place.label for item in items if item.current] == ["People"]


@pytest.mark.parametrize(
    ("path", "home"), [("/desk/people/", "/desk/"), ("/me/check-in/", "/me/"), ("/x", "/")]
)
def test_the_name_leads_to_the_first_page_of_its_audience(path: str, home: str) -> None:
    assert navigation.home_of(path) == home


def test_the_styles_of_a_patient_page_stay_small(db: None) -> None:
    html = render_to_string("shared/shell_me.html", {}, request=request_for("/me/"))

    loaded = re.findall(r'href="/static/(shared/css/[a-z]+\.css)"', html)
    assert sum((ROOM / "static" / name).stat().st_size for name in loaded) <= 27_000


def test_the_patients_own_scripts_stay_tiny() -> None:
    scripts = ROOM / "static/shared/js"

    assert all(path.stat().st_size < 4_000 for path in scripts.glob("*.js"))


@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_when_something_fails_the_page_says_what_next_and_where_help_is(code: int) -> None:
    html = render_to_string(f"shared/errors/{code}.html", {"reason": SCRIPT, "practice": "P"})

    assert 'href="/help-now"' in html
    assert "<script>alert" not in html
    assert "again" in html or "first page" in html
