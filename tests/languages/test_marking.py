"""Plain English in a page becomes text that can be translated.

Nobody has to remember it: whoever writes a page writes English, and the page is marked
when it is loaded. A sentence stays whole, with its variables as places; what is no text
stays as it was.
"""

from __future__ import annotations

import pytest
from django.template import Context, Engine

from securebase.pages.shared.language.marking import marked

SPEAKING = [
    (
        "<p>Hello there.</p>",
        "<p>{% blocktranslate %}Hello there.{% endblocktranslate %}</p>",
    ),
    (
        "<p>{{ one.name }} reads this by {{ by|date:'H:i' }}.</p>",
        "<p>{% blocktranslate with one_name=one.name by=by|date:_('H:i') %}"
        "{{ one_name }} reads this by {{ by }}.{% endblocktranslate %}</p>",
    ),
    (
        "<p>\n  A <strong>whole</strong>\n  sentence.\n</p>",
        "<p>\n  {% blocktranslate %}A <strong>whole</strong> sentence."
        "{% endblocktranslate %}\n</p>",
    ),
    (
        '<a class="button" href="/x">Go on</a>',
        '<a class="button" href="/x">{% blocktranslate %}Go on{% endblocktranslate %}</a>',
    ),
    (
        '<nav aria-label="My account"></nav>',
        '<nav aria-label="{% translate "My account" %}"></nav>',
    ),
    (
        '{% card "What comes next" tone="look" %}{% endcard %}',
        '{% card _("What comes next") tone="look" %}{% endcard %}',
    ),
    (
        '{% door "Check in" url text="Short ones." icon="breath" %}',
        '{% door _("Check in") url text=_("Short ones.") icon="breath" %}',
    ),
    ('{% pill "look" "one in two" %}', '{% pill "look" _("one in two") %}'),
    ('{{ name|default:"Somebody" }}', '{{ name|default:_("Somebody") }}'),
]
SILENT = [
    "<p>{{ name }}: {{ number }}</p>",
    "<p>{% if a > b %}3{% endif %}</p>",
    '{% comment %} A note. {% endcomment %}<input type="text">',
    "{# A note. #}",
    "{% blocktranslate count n=n %}One{% plural %}{{ n }} of them{% endblocktranslate %}",
    "{{ token|default:'' }}",
    "{{ level|default:'info' }}",
    '<script type="application/json">{"name": "{{ name }}"}</script>',
    "{% block page_class %}page-narrow{% endblock %}",
    '{% door title "/help-now" icon="help" %}',
]


@pytest.mark.parametrize(("written", "wanted"), SPEAKING)
def test_words_are_marked(written: str, wanted: str) -> None:
    assert marked(written) == "{% load i18n %}" + wanted


@pytest.mark.parametrize("written", SILENT)
def test_what_is_no_text_stays_as_it_is(written: str) -> None:
    assert marked(written) == written


def test_a_page_that_builds_on_another_still_says_so_first() -> None:
    written = '{% extends "base.html" %}{% block main %}Hello{% endblock %}'

    assert marked(written).startswith('{% extends "base.html" %}{% load i18n %}')


def test_an_element_that_carries_a_tag_ends_the_sentence() -> None:
    written = '<p>See <a href="{% url "x" %}">this page</a> now.</p>'

    assert marked(written).count("{% blocktranslate %}") == 3


def test_an_element_left_open_stays_outside() -> None:
    written = '<p>{% if a %}<a href="/x">{% endif %}Words{% if a %}</a>{% endif %}</p>'

    assert "{% blocktranslate %}Words{% endblocktranslate %}" in marked(written)


def test_two_forms_of_one_variable_have_two_names() -> None:
    written = "<p>From {{ at|date:'j F' }}, {{ at|time:'H:i' }}, {{ at|date:'j F' }}.</p>"

    page = marked(written)

    assert "{{ at }}, {{ at_2 }}, {{ at }}." in page


def test_a_marked_page_says_in_english_what_was_written() -> None:
    written = "<p>{{ who.name }} has 50% &amp; <em>more</em>.</p>"
    engine = Engine(libraries={"i18n": "django.templatetags.i18n"})

    said = engine.from_string(marked(written)).render(Context({"who": {"name": "A & B"}}))

    assert said == "<p>A &amp; B has 50% &amp; <em>more</em>.</p>"
