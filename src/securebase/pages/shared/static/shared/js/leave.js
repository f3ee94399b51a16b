// Leave this page: at once, in every tab, with nothing to come back to.
// Without this script the link leads away through the server, which signs out.
const link = document.querySelector("[data-leave]");
const status = document.querySelector("[data-leave-status]");
const dots = document.querySelector("[data-leave-dots]");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;
const A_DAY = 60 * 60 * 24;

// Everything of the page is gone at the next frame, before any connection is needed.
function cover() {
  document.documentElement.classList.add("is-left");
  const sheet = document.createElement("div");
  sheet.className = "left";
  sheet.setAttribute("role", "alert");
  sheet.textContent = link.dataset.sayLoading;
  document.body.append(sheet);
  document.title = link.dataset.sayLoading;
  document.querySelector("link[rel=icon]")?.remove();
}

// The cookie ends the visit with the next request, even if the beacon never arrives.
function signOut() {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `left=yes; path=/; max-age=${A_DAY}; samesite=lax${secure}`;
  navigator.sendBeacon(link.href);
}

function leave() {
  globalThis.indexedDB?.deleteDatabase("own-copy");
  cover();
  channel?.postMessage("leave");
  signOut();
  location.replace(link.dataset.to);
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
  presses = [...presses.filter((then) => now - then < Number(link.dataset.within)), now];
  show(Number(link.dataset.times) - presses.length);
}

function show(left) {
  if (left <= 0) return leave();
  status.textContent = link.dataset.sayMore.replace("#", left);
  dots.hidden = false;
  dots.textContent = "●".repeat(presses.length) + "○".repeat(left);
  setTimeout(fade, Number(link.dataset.within));
}

function fade() {
  const oldest = performance.now() - Number(link.dataset.within);
  if (presses.some((then) => then > oldest)) return;
  dots.hidden = true;
  status.textContent = "";
}

if (link) {
  for (const door of document.querySelectorAll("[data-leave], [data-leave-twin]")) {
    door.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
  document.addEventListener("keydown", pressed);
  document.addEventListener("keyup", released);
  channel?.addEventListener("message", () => {
    cover();
    location.replace(link.dataset.to);
  });
  // A page kept in memory by the browser is covered first, and then asked for anew.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    cover();
    location.reload();
  });
}
