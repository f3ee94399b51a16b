// Words are kept while they are written: a second after typing, on leaving the field and
// when the page goes out of sight. Without this script each button keeps them.
const PAUSE = 1000;
const form = document.querySelector("[data-keep]");
const says = document.querySelector("[data-kept]");
const field = form?.elements[form.dataset.keepField ?? "answer"];

let kept = field?.defaultValue;
let waiting = 0;
let going = null;

// The server says in a few plain words what happened; anything else is not from our page.
async function heard(answer) {
  if (answer.type === "opaqueredirect") {
    return says.dataset.sayOut;
  }
  const plain = answer.headers.get("content-type")?.startsWith("text/plain");
  return plain ? answer.text() : says.dataset.sayAgain;
}

async function keep(leaving = false) {
  clearTimeout(waiting);
  const words = field.value;
  if (words === kept) return;
  going?.abort();
  going = new AbortController();
  try {
    const answer = await fetch(form.dataset.keep, {
      method: "POST",
      body: new FormData(form),
      keepalive: leaving,
      redirect: "manual",
      signal: going.signal,
    });
    kept = answer.ok ? words : null;
    says.textContent = await heard(answer);
  } catch (fault) {
    if (fault.name === "AbortError") return;
    kept = null;
    says.textContent = says.dataset.sayOffline;
    waiting = setTimeout(keep, PAUSE * 5);
  }
}

if (form) {
  // What was typed before this script was there is not kept yet.
  if (field.value !== kept) waiting = setTimeout(keep, PAUSE);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  });
  field.addEventListener("blur", () => keep());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep(true);
  });
  // The button keeps the words itself; an older keeping must not arrive after it.
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    going?.abort();
  });
}
