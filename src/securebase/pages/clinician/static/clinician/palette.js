// Ctrl K or Cmd K opens "Find or do" from anywhere at the desk. The box opens at once; its
// list is asked for the first time only, and nothing of it is kept when the page goes.
const box = document.querySelector("dialog[data-palette]");
const bar = document.querySelector("[data-palette-bar]");
const field = box?.querySelector("input");
const list = box?.querySelector("[role=listbox]");
const status = box?.querySelector("[role=status]");
const MOST = 12;
let entries;
let shown = [];
let at = 0;

const letters = (text) => text.toLowerCase().replace(/[^\p{L}]/gu, "");

function matches(entry, wanted) {
  if (entry.more && letters(entry.more) === letters(wanted) && wanted) return true;
  return wanted.toLowerCase().split(/\s+/).every((word) => entry.name.toLowerCase().includes(word));
}

function mark(place) {
  at = shown.length ? (place + shown.length) % shown.length : 0;
  [...list.children].forEach((option, number) => option.setAttribute("aria-selected", number === at));
  const option = list.children[at];
  field.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function option(entry, number) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const more = document.createElement("span");
  item.id = `palette-${number}`;
  item.setAttribute("role", "option");
  link.href = entry.url;
  link.tabIndex = -1;
  link.textContent = entry.name;
  more.className = "soft small";
  more.textContent = entry.more;
  item.append(link, more);
  return item;
}

function show() {
  if (!entries) return;
  shown = entries.filter((entry) => matches(entry, field.value.trim())).slice(0, MOST);
  list.replaceChildren(...shown.map(option));
  status.textContent = shown.length ? "" : "Nothing by that name.";
  mark(0);
}

async function load() {
  if (entries) return;
  status.textContent = "Reading the list.";
  try {
    const answer = await fetch(box.dataset.from, { headers: { Accept: "application/json" } });
    ({ entries } = await answer.json());
    show();
  } catch {
    status.textContent = "The list cannot be read now. Enter still searches.";
  }
}

function open() {
  if (!box || box.open) return;
  box.showModal();
  field.value = "";
  field.focus();
  show();
  load();
}

function steer(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    mark(at + step);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (shown[at]) window.location.assign(shown[at].url);
    else if (field.value) window.location.assign(`${bar.form.action}?q=${encodeURIComponent(field.value)}`);
  }
}

document.addEventListener("keydown", (event) => {
  const asked = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
  if (!asked || !box) return;
  event.preventDefault();
  open();
});
field?.addEventListener("input", show);
field?.addEventListener("keydown", steer);
bar?.addEventListener("click", open);
