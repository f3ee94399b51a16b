// Ctrl K or Cmd K opens "Find or do" from anywhere at the desk. The box opens at once; its
// list is asked for the first time only, and nothing of it is kept when the page goes.
const box = document.querySelector("dialog[data-palette]");
const bar = document.querySelector("[data-palette-bar]");
const field = box?.querySelector("input");
const list = box?.querySelector("[role=listbox]");
const status = box?.querySelector("[role=status]");
const MOST = 12;
const FEW = 3;
let entries;
let doings = [];
let somebody;
let shown = [];
let at = 0;

const letters = (text) => text.toLowerCase().replace(/[^\p{L}]/gu, "");

function matches(entry, wanted) {
  if (entry.more && letters(entry.more) === letters(wanted) && wanted) return true;
  return wanted.toLowerCase().split(/\s+/).every((word) => entry.name.toLowerCase().includes(word));
}

// "note sam": what is asked for by the words that begin one of a doing's words, and who.
function asked(wanted) {
  const begins = (word, name) => word.length >= FEW && name.toLowerCase().split(/\s+/).some((one) => one.startsWith(word));
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const asking = words.filter((word) => doings.some(({ name }) => begins(word, name)));
  const rest = words.filter((word) => !asking.includes(word)).join(" ");
  const meant = doings.filter(({ name }) => asking.length && asking.every((word) => begins(word, name)));
  return { meant, rest };
}

function doingsWith(person, some) {
  if (!person.person) return [];
  return some.map(({ name, url }) => ({
    name: `${name}: ${person.name}`,
    more: person.more,
    url: url.replace(somebody, person.person),
  }));
}

// Those whose name begins with what is written stand before those that only hold it.
function best(some, wanted) {
  const begins = ({ name }) => name.toLowerCase().split(/\s+/).some((one) => one.startsWith(wanted.toLowerCase()));
  return wanted ? [...some].sort((one, other) => begins(other) - begins(one)) : some;
}

function found(wanted) {
  const plain = best(entries.filter((entry) => matches(entry, wanted)), wanted);
  const people = plain.filter((entry) => entry.person !== undefined);
  const { meant, rest } = asked(wanted);
  const named = rest ? best(entries.filter((entry) => entry.person && matches(entry, rest)), rest) : [];
  const few = wanted && people.length <= FEW ? people.flatMap((one) => doingsWith(one, doings)) : [];
  const done = meant.length ? named.slice(0, FEW).flatMap((one) => doingsWith(one, meant)) : few;
  return meant.length && rest ? [...done, ...plain] : [...plain, ...done];
}

function mark(place) {
  at = shown.length ? (place + shown.length) % shown.length : 0;
  [...list.children].forEach((option, number) => option.setAttribute("aria-selected", number === at));
  const option = list.children[at];
  field.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function option(entry, number) {
  const link = document.createElement("a");
  const [name, more] = [document.createElement("span"), document.createElement("span")];
  link.id = `palette-${number}`;
  link.setAttribute("role", "option");
  link.href = entry.url;
  link.tabIndex = -1;
  name.textContent = entry.name;
  more.className = "soft small";
  more.textContent = entry.more;
  link.append(name, " ", more);
  return link;
}

function show() {
  if (!entries) return;
  shown = found(field.value.trim()).slice(0, MOST);
  list.replaceChildren(...shown.map(option));
  status.textContent = shown.length ? "" : "Nothing by that name.";
  mark(0);
}

async function load() {
  if (entries) return;
  status.textContent = "Reading the list.";
  try {
    const answer = await fetch(box.dataset.from, { headers: { Accept: "application/json" } });
    ({ entries, doings, somebody } = await answer.json());
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
