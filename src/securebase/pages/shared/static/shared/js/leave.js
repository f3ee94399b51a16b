// Leave this page: at once, in every tab, with nothing to come back to.
// Without this script the link is a plain link to the same neutral site.
const TIMES = 3;
const WITHIN = 5000;
const link = document.querySelector("[data-leave]");
const status = document.querySelector("[data-leave-status]");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;

function blank() {
  document.body.hidden = true;
  document.title = "Loading";
}

function signOut() {
  if (!link.dataset.signOut) return;
  const form = new FormData();
  form.append("csrfmiddlewaretoken", link.dataset.token);
  navigator.sendBeacon(link.dataset.signOut, form);
}

function leave() {
  blank();
  channel?.postMessage("leave");
  signOut();
  location.replace(link.href);
}

// Shift pressed by itself three times; held as a modifier it does not count.
let alone = false;
let presses = [];

function pressed(event) {
  alone = event.key === "Shift" && !event.repeat;
}

function released(event) {
  if (event.key !== "Shift" || !alone) {
    if (event.key !== "Shift") presses = [];
    return;
  }
  const now = performance.now();
  presses = [...presses.filter((then) => now - then < WITHIN), now];
  const left = TIMES - presses.length;
  if (left <= 0) leave();
  else status.textContent = `Shift, press ${left} more to leave.`;
}

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", pressed);
  document.addEventListener("keyup", released);
  channel?.addEventListener("message", () => {
    blank();
    location.replace(link.href);
  });
  // A page kept in memory by the browser must not show what was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
