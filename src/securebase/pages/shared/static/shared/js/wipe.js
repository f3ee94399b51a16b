// What a person sealed on this device goes when they sign out, whichever page they do it on.
addEventListener("submit", ({ target }) => {
  // Not target.action: a field of that name would stand in its place.
  if (new URL(target.getAttribute("action") ?? "", location).pathname.endsWith("/logout/")) {
    globalThis.indexedDB?.deleteDatabase("own-copy");
  }
});
