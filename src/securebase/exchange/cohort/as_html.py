"""The outcome report as one page that needs nothing else: no script, nothing from outside."""

from __future__ import annotations

from html import escape

from securebase.exchange.cohort.as_text import Section, sections
from securebase.science.cohort.form import Form
from securebase.science.cohort.outcomes import Report

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.6 system-ui, sans-serif; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
th, td { text-align: left; padding: .3rem .5rem .3rem 0; border-bottom: 1px solid GrayText; }
th { font-weight: normal; } td { font-variant-numeric: tabular-nums; }
"""


def as_html(report: Report, form: Form) -> str:
    """Return the report as a whole page."""
    first, *rest = sections(report, form)
    body = "\n".join([_section(first, level=1), *(_section(one, level=2) for one in rest)])
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Outcomes of this service</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _section(section: Section, *, level: int) -> str:
    heading, sentences, rows = section
    said = [f"<p>{escape(one)}</p>" for one in sentences]
    table = [_row(*row) for row in rows]
    if table:
        head = (
            "<thead><tr><th scope='col'>what</th><th scope='col'>how many</th>"
            "<th scope='col'>share (95 %)</th></tr></thead>"
        )
        table = ["<table>", head, "<tbody>", *table, "</tbody>", "</table>"]
    return "\n".join([f"<h{level}>{escape(heading)}</h{level}>", *said, *table])


def _row(label: str, count: str, share: str) -> str:
    return (
        f"<tr><th scope='row'>{escape(label)}</th>"
        f"<td>{escape(count)}</td><td>{escape(share)}</td></tr>"
    )
