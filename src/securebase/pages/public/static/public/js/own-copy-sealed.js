// The sealed copy: AES-GCM under a key made from the PIN with PBKDF2. The key cannot be
// taken out of the browser, and nothing but sealed bytes is ever put on the device.
const NAME = "own-copy";
const SHELF = "copy";
const ALL = "readwrite";
const DAY = 24 * 60 * 60 * 1000;
const room = document.querySelector("[data-own-copy]").dataset;

const done = (asked) =>
  new Promise((yes, no) => {
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });

async function shelf(act, mode = "readonly") {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(SHELF);
  const base = await done(opening);
  try {
    return await done(act(base.transaction(SHELF, mode).objectStore(SHELF)));
  } finally {
    base.close();
  }
}

const read = () => shelf((store) => store.get("one"));
const write = (one) => shelf((store) => store.put(one, "one"), ALL);
const wipe = () => done(indexedDB.deleteDatabase(NAME));

async function keyOf(pin, salt) {
  const words = new TextEncoder().encode(pin.normalize("NFKC"));
  const raw = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt, iterations: Number(room.rounds) };
  return crypto.subtle.deriveKey(way, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function put(key, salt, copy) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const words = new TextEncoder().encode(JSON.stringify(copy));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, words);
  const goes_at = Date.parse(copy.made_at) + Number(room.days) * DAY;
  await write({ salt, iv, sealed, tries: 0, goes_at });
}

const over = (one) => one.goes_at < Date.now() || one.tries >= Number(room.tries);

async function held() {
  const one = await read();
  if (one && over(one)) {
    await wipe();
    return undefined;
  }
  return one;
}

// A try counts before it is made: closing the page saves none, nor does a second page.
const counted = () =>
  shelf((store) => {
    const asked = store.get("one");
    asked.addEventListener("success", () => {
      const one = asked.result;
      if (one) store.put({ ...one, tries: one.tries + 1 }, "one");
    });
    return asked;
  }, ALL);

// What an open copy can do: be read, and be kept again after a change.
const opened = (key, salt, copy) => ({ copy, keep: (changed) => put(key, salt, changed) });

globalThis.ownCopy = {
  // The words of the page, in its language; # is where a number stands.
  say: (name, ...numbers) => numbers.reduce((told, one) => told.replace("#", one), room[`say${name}`]),
  has: async () => Boolean(await held()),
  wipe,
  // The last day of a copy, in the words of the page's language.
  until: ({ made_at }) =>
    new Date(Date.parse(made_at) + Number(room.days) * DAY).toLocaleDateString(
      document.documentElement.lang,
      { day: "numeric", month: "long" },
    ),
  async seal(pin, copy) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const key = await keyOf(pin, salt);
    await put(key, salt, copy);
    return opened(key, salt, copy);
  },
  async open(pin) {
    const one = (await held()) && (await counted());
    if (!one || over(one)) return { gone: true };
    const key = await keyOf(pin, one.salt);
    try {
      const words = await crypto.subtle.decrypt({ name: "AES-GCM", iv: one.iv }, key, one.sealed);
      const copy = JSON.parse(new TextDecoder().decode(words));
      await write({ ...one, tries: 0 });
      return opened(key, one.salt, copy);
    } catch {
      const left = Number(room.tries) - one.tries - 1;
      if (left <= 0) await wipe();
      return { left };
    }
  },
};
