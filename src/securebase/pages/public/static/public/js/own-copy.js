// The page of the copy: make it, open it with the PIN, keep it fresh, remove it.
const { has, seal, open, until, wipe, show, hide, offer, told, made, button, say } = globalThis.ownCopy;
const room = document.querySelector("[data-own-copy]");
const [making, unlocking, inside, status] = ["make", "unlock", "opened", "says"].map((name) =>
  room.querySelector(`[data-${name}]`),
);
let own = null;

const says = (words) => {
  status.textContent = words;
};

async function fetched() {
  const answer = await fetch("/me/kit/copy/", { redirect: "manual", cache: "no-store" });
  const plain = answer.headers.get("content-type")?.startsWith("application/json");
  return answer.ok && plain ? answer.json() : null;
}

async function settle() {
  const there = await has();
  making.hidden = there || Boolean(own);
  unlocking.hidden = !there || Boolean(own);
  inside.hidden = !own;
}

function near(checkin, given) {
  const marked = checkin.questions.some((one) => one.safety && given[one.ref] > 0);
  return marked ? [made("a", say("Help"), { href: "/help-now", className: "button" })] : [];
}

async function finished(given) {
  const { checkin } = own.copy;
  const waiting = { id: checkin.id, key: crypto.randomUUID(), answered_at: new Date().toISOString(), given };
  own.copy = { ...own.copy, checkin: null, waiting };
  await own.keep(own.copy);
  told(say("Kept"), ...near(checkin, given));
  await send(near(checkin, given));
}

async function send(beside = []) {
  const { waiting } = own?.copy ?? {};
  if (!waiting || !navigator.onLine) return;
  const fresh = await fetched().catch(() => null);
  if (!fresh) {
    told(`${say("Waiting")} ${say("SignIn")}`, ...beside);
    return;
  }
  const { id, ...sheet } = waiting;
  const answer = await fetch(`/me/kit/copy/check-in/${id}/`, {
    method: "POST",
    headers: { "X-CSRFToken": fresh.token, "Content-Type": "application/json" },
    body: JSON.stringify(sheet),
  });
  if (!answer.headers.get("content-type")?.startsWith("application/json")) return;
  const heard = await answer.json();
  if (answer.ok) {
    own.copy = { ...own.copy, waiting: null };
    await own.keep(own.copy);
  }
  const more = answer.ok ? [made("a", say("Next"), { href: heard.sent })] : [drop()];
  told(heard.says, ...beside, ...more);
}

const drop = () =>
  button(say("Drop"), async () => {
    own.copy = { ...own.copy, waiting: null };
    await own.keep(own.copy);
    told(say("Dropped"));
  }, true);

async function enter(opened) {
  own = opened;
  says("");
  show(own.copy);
  room.querySelector("[data-until]").textContent = say("Until", until(own.copy));
  if (own.copy.waiting) told(say("Net"));
  else if (own.copy.checkin && Date.parse(own.copy.checkin.until) > Date.now()) offer(own.copy.checkin, finished);
  await settle();
  await send();
}

async function remove() {
  await wipe();
  own = null;
  hide();
  await settle();
  says(say("Removed"));
}

making.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [pin, again] = ["pin", "again"].map((name) => making.querySelector(`#${name}`).value);
  if (pin !== again) return says(say("Differ"));
  const copy = await fetched().catch(() => null);
  if (!copy) return says(say(navigator.onLine ? "SignIn" : "Once"));
  making.reset();
  delete copy.token;
  return enter(await seal(pin, copy));
});
unlocking.addEventListener("submit", async (event) => {
  event.preventDefault();
  const opened = await open(unlocking.querySelector("#try").value);
  unlocking.reset();
  if (opened.copy) return enter(opened);
  await settle();
  return says(opened.left > 0 ? say("Tries", opened.left) : say("Gone"));
});
room.querySelector("[data-renew]").addEventListener("click", async () => {
  const fresh = await fetched().catch(() => null);
  if (!fresh) return says(say(navigator.onLine ? "SignIn" : "NoNet"));
  delete fresh.token;
  own.copy = { ...fresh, waiting: own.copy.waiting ?? null };
  await own.keep(own.copy);
  await enter(own);
  return says(say("Fresh"));
});
room.querySelector("[data-close]").addEventListener("click", () => location.reload());
for (const one of room.querySelectorAll("[data-remove]")) one.addEventListener("click", remove);
addEventListener("online", () => send());
if (globalThis.indexedDB && crypto.subtle) await settle();
else says(say("Cannot"));
