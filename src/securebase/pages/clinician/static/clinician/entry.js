// One key for each answer: it is given and the next question waits. Without this script
// the same form is filled in with Tab, arrows and Space.
const form = document.querySelector("[data-entry]");
const rows = form ? [...form.querySelectorAll("[data-row]")] : [];
const keys = form?.querySelector("[data-keys]");
const said = form?.querySelector("[data-said]");
const counted = form?.querySelector("[data-count]");
const last = form?.querySelector("button[value='look']");

const PREVIOUS = new Set(["ArrowUp", "ArrowLeft", "Backspace"]);
const NEXT = new Set(["ArrowDown", "ArrowRight"]);

function say(words) {
  said.textContent = words;
}

function count() {
  const asked = rows.filter((row) => row.querySelector("input[type='radio'], input[type='checkbox']"));
  const done = asked.filter((row) => row.querySelector("input:checked")).length;
  counted.textContent = `${done} of ${asked.length} entered`;
}

function go(place) {
  if (place < 0) return;
  const row = rows[place];
  const field = row?.querySelector("input:checked") ?? row?.querySelector("input, textarea") ?? last;
  field.focus({ preventScroll: true });
  (row ?? last).scrollIntoView({ block: "nearest" });
}

function give(row, key) {
  const answer = row.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!answer) return false;
  answer.checked = true;
  say("");
  count();
  go(rows.indexOf(row) + 1);
  return true;
}

// A box is ticked or loses its tick; several may be ticked, so nothing moves on.
function tick(row, key) {
  const box = row.querySelector(`[data-key="${CSS.escape(key)}"]`);
  box?.focus();
  box?.click();
  say("");
}

function pressed(event) {
  const row = event.target.closest("[data-row]");
  if (!row || !["radio", "checkbox"].includes(event.target.type)) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const place = rows.indexOf(row);
  const key = event.key === " " ? "n" : event.key.toLowerCase();
  if (PREVIOUS.has(event.key)) go(place - 1);
  else if (NEXT.has(event.key) || ("boxes" in row.dataset && key === "n" && event.key !== " ")) go(place + 1);
  else if ("boxes" in row.dataset) {
    if (!/^[1-9]$/.test(key)) return;
    tick(row, key);
  }
  else if (!/^[a-z0-9]$/.test(key)) return;
  else if (!give(row, key) && /^[0-9]$/.test(key)) say(`${key} is no answer here: give ${row.dataset.allowed}.`);
  event.preventDefault();
}

if (form) {
  keys.hidden = false;
  count();
  form.addEventListener("keydown", pressed);
  form.addEventListener("change", count);
  const whom = form.querySelector("select");
  const wrong = rows.findIndex((row) => row.querySelector(".field-error"));
  const open = rows.findIndex((row) => !row.querySelector("input:checked"));
  if (whom && !whom.value) whom.focus();
  else go(wrong >= 0 ? wrong : Math.max(open, 0));
}
