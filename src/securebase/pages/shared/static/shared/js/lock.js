// The lock: when nobody was there for a while the page is covered, and its words stay on
// it. The server decides; without this script it shows the locked page at the next step.
const box = document.querySelector("[data-lock]");
const form = box?.querySelector("[data-lock-form]");
const says = box?.querySelector("[data-lock-says]");
const channel = box && "BroadcastChannel" in window ? new BroadcastChannel("lock") : null;
const EVERY = 60_000;

const idle = Number(box?.dataset.seconds) * 1000;
let title = document.title;
let told = Date.now();
let waiting = 0;

function cover() {
  if (box.open) return;
  title = document.title;
  document.title = box.dataset.title;
  document.documentElement.classList.add("is-locked");
  box.showModal();
}

function uncover() {
  if (!box.open) return;
  document.documentElement.classList.remove("is-locked");
  document.title = title;
  form.reset();
  says.textContent = "";
  box.close();
}

function lookIn(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(look, Math.min(milliseconds, 2 ** 31 - 1));
}

async function look() {
  const answer = await fetch(box.dataset.state).catch(() => null);
  if (!answer?.ok) return lookIn(EVERY);
  const { standing, seconds } = await answer.json();
  if (standing === "open") uncover();
  else cover();
  if (standing === "over") says.textContent = box.dataset.sayOver;
  lookIn(standing === "open" ? seconds * 1000 : EVERY);
}

// Typing is being there, though nothing is sent; said at most once a minute.
function here() {
  if (box.open || Date.now() - told < EVERY) return;
  told = Date.now();
  const token = new FormData(form).get("csrfmiddlewaretoken");
  fetch(box.dataset.here, { method: "POST", headers: { "X-CSRFToken": token } }).then(
    (answer) => (answer.ok ? lookIn(idle + 1000) : look()),
    () => {},
  );
}

async function unlock(event) {
  event.preventDefault();
  says.textContent = "";
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    redirect: "manual",
  }).catch(() => null);
  form.elements.password.value = "";
  if (answer?.status === 204) {
    channel?.postMessage("look");
    return look();
  }
  says.textContent = answer?.status === 422 ? await answer.text() : box.dataset.sayAgain;
}

if (box) {
  lookIn(idle + 1000);
  form.addEventListener("submit", unlock);
  // Escape does not open a lock.
  box.addEventListener("cancel", (event) => event.preventDefault());
  box.addEventListener("close", () => {
    if (document.documentElement.classList.contains("is-locked")) box.showModal();
  });
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, here);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (Date.now() - told > idle) cover();
    look();
  });
  document.addEventListener("page-locked", look);
  channel?.addEventListener("message", look);
}
