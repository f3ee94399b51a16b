// What a person sealed on this device goes when they sign out, whichever page they do it on.
addEventListener("submit", ({ target }) => {
  if (new URL(target.action).pathname.endsWith("/logout/")) {
    globalThis.indexedDB?.deleteDatabase("own-copy");
  }
});
