"""LHC-Forms in a Chromium: loads our forms with answers and says what it worked out.

The program of the US National Library of Medicine reads the same FHIRPath with its own
engine. It is fetched by ``make agreement`` and never part of what we ship.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.chromium import PROGRAMS, QUIETLY

Resource = dict[str, Any]

SCRIPTS = (
    "webcomponent/assets/lib/zone.min.js",
    "webcomponent/lhc-forms.js",
    "fhir/R4/lformsFHIR.min.js",
)
LOAD = """async (form) => {
  const error = await LForms.Util.addFormToPage(form, "form", {fhirVersion: "R4"});
  if (error) throw new Error(JSON.stringify(error));
  const read = () => {
    const found = LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4", null, "#form");
    return found && found.questionnaire.startsWith(form.url) ? found : {};
  };
  let last = "", now = "{}", turns = 0;
  while ((last !== now || now === "{}") && turns++ < 60) {
    last = now;
    await new Promise((done) => setTimeout(done, 120));
    now = JSON.stringify(read());
    now = JSON.stringify({...JSON.parse(now), authored: null});
  }
  return read();
}"""


def answered(form: Resource, answers: Mapping[str, int]) -> Resource:
    """Return the form with the answers as what each question begins with."""
    return {**form, "item": [_begun(item, answers) for item in form["item"]]}


def _begun(item: Resource, answers: Mapping[str, int]) -> Resource:
    if item["type"] == "group":
        return {**item, "item": [_begun(box, answers) for box in item["item"]]}
    if item["linkId"] not in answers:
        return item
    return {**item, "initial": [_initial(item, answers[item["linkId"]])]}


def _initial(item: Resource, value: int) -> Resource:
    for option in item.get("answerOption", []):
        if option["valueCoding"]["code"] == str(value):
            return {"valueCoding": option["valueCoding"]}
    return {"valueInteger": value}


def worked_out(response: Resource) -> dict[str, float | str | bool]:
    """Return every value of a response by linkId."""
    found: dict[str, float | str | bool] = {}
    for item in response.get("item", []):
        found |= worked_out(item)
        if item.get("answer"):
            found[item["linkId"]] = next(iter(item["answer"][0].values()))
    return found


@contextmanager
def lhc_forms(modules: Path) -> Iterator[Any]:
    """Open LHC-Forms and give a function from a form to its response."""
    from playwright.sync_api import sync_playwright

    home = (modules / "lforms" / "dist" / "lforms").resolve()
    scripts = "".join(f'<script src="file://{home / name}"></script>' for name in SCRIPTS)
    page_file = modules / "form.html"
    markup = f'<!doctype html><meta charset="utf-8"><body><div id="form"></div>{scripts}'
    page_file.write_text(markup, encoding="utf-8")
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=QUIETLY)
        page = browser.new_page()
        page.goto(page_file.resolve().as_uri())
        page.wait_for_function("window.LForms && LForms.FHIR && LForms.FHIR.R4")
        yield lambda form: page.evaluate(LOAD, form)
        browser.close()
