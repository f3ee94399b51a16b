// A note is kept while it is written: two seconds after the first new letter at the latest,
// on leaving a field and when the page goes out of sight. Without this script the button
// keeps it. Ctrl Enter reads it once more, to sign.
const PAUSE = 2000;
const AGAIN = 5000;
const form = document.querySelector("[data-note]");
const says = document.querySelector("[data-note-kept]");
const areas = [...(form?.querySelectorAll("textarea") ?? [])];

let waiting = 0;
let busy = false;
let stopped = false;
let leaves = false;
let pressed = null;

const was = (area) => form.elements[`was-${area.name}`];
const changed = () => areas.some((area) => area.value !== was(area).value);

function later(after = PAUSE) {
  if (waiting || stopped) return;
  waiting = setTimeout(() => {
    waiting = 0;
    keep();
  }, after);
}

async function told(answer) {
  if (answer.status >= 500) return { says: "Not kept yet: it is tried again in a moment." };
  const json = answer.headers.get("content-type")?.startsWith("application/json");
  if (json) return answer.json();
  return { says: "Not kept: please copy your words, then open this page again." };
}

async function keep(leaving = false) {
  if (busy || stopped || leaves || !changed()) return;
  busy = true;
  const sent = areas.map((area) => area.value);
  try {
    const answer = await fetch(form.dataset.note, {
      method: "POST",
      body: new FormData(form),
      keepalive: leaving && sent.join("").length < 20000,
      redirect: "manual",
    });
    const heard = await told(answer);
    says.textContent = heard.says;
    if (answer.ok) {
      form.elements.version.value = heard.version;
      areas.forEach((area, place) => {
        was(area).value = sent[place];
      });
    } else if (answer.status >= 500) {
      later(AGAIN);
    } else {
      stopped = true;
    }
  } catch {
    says.textContent = "Not kept yet: no connection. Your words stay here while this page is open.";
    later(AGAIN);
  }
  busy = false;
  if (pressed) form.requestSubmit(pressed);
  else if (changed()) later();
}

if (form) {
  areas.forEach((area) => {
    area.addEventListener("input", () => later());
    area.addEventListener("blur", () => keep());
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep(true);
  });
  // What is being kept arrives first; the button then sends the version that came of it.
  form.addEventListener("submit", (event) => {
    leaves = !busy;
    if (!busy) return;
    event.preventDefault();
    pressed = event.submitter;
  });
  form.addEventListener("keydown", (event) => {
    const sign = form.querySelector("[data-note-sign]");
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !sign) return;
    event.preventDefault();
    form.requestSubmit(sign);
  });
  const first = areas[0];
  if (first && !document.querySelector("[data-closing]") && !form.querySelector(".field-error")) {
    first.focus();
  }
}
