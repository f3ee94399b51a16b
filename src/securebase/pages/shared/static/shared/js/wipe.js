// What a person sealed on this device goes when they sign out, whichever page they do it on,
// and when its time is over, on whichever page comes next.
const NAME = "own-copy";

addEventListener("submit", ({ target }) => {
  // Not target.action: a field of that name would stand in its place.
  if (new URL(target.getAttribute("action") ?? "", location).pathname.endsWith("/logout/")) {
    globalThis.indexedDB?.deleteDatabase(NAME);
  }
});

function look({ target: { result: base } }) {
  const asked = base.transaction("copy").objectStore("copy").get("one");
  asked.onsuccess = () => {
    base.close();
    if (asked.result?.goes_at < Date.now()) indexedDB.deleteDatabase(NAME);
  };
}

// Asked for by its name first: opening one that is not there would make it.
const there = (await globalThis.indexedDB?.databases?.()) ?? [];
if (there.some(({ name }) => name === NAME)) indexedDB.open(NAME).onsuccess = look;
