// Keeps the open pages (help now, the exercises) and what they are drawn with, so that they
// open without a connection. Copies are asked for without cookies, so they hold nothing of
// anybody; every other page goes to the network and is never kept.
const SHELF = "open-pages-2";
const FIRST = ["/help-now", "/offline", "/own-copy", "/me/steady/"];
const OPEN = /^\/(help-now|offline|own-copy|me\/steady\/([\w-]+\/)?)$/;
const OWN = /^\/me\/kit\/(?:do\/([\w-]+\/))?$/;
const PARTS = /(?:href|src)="(\/static\/[^"#]+)/g;
const EXERCISES = /href="(\/me\/steady\/[\w-]+\/)"/g;
const PATIENCE = 4000;
const coming = new Map();

const found = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

async function keep(path) {
  const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok || answer.redirected) return "";
  const shelf = await caches.open(SHELF);
  await shelf.put(path, answer.clone());
  return answer.headers.get("content-type")?.startsWith("text/html") ? answer.text() : "";
}

// A part that many pages are drawn with is asked for once while it is on its way.
function once(part, shelf) {
  const asked = coming.get(part) ?? shelf.match(part).then((there) => there ?? keep(part));
  coming.set(part, asked);
  return asked.finally(() => coming.delete(part));
}

async function keepPage(path) {
  const text = await keep(path);
  const shelf = await caches.open(SHELF);
  const parts = new Set(found(text, PARTS));
  await Promise.all([...parts].map((part) => once(part, shelf)));
  return text;
}

async function keepAll() {
  const texts = await Promise.all(FIRST.map(keepPage));
  await Promise.all([...new Set(found(texts.join(), EXERCISES))].map(keepPage));
}

const kept = (path) => caches.match(path, { cacheName: SHELF, ignoreVary: true });

// Without a connection the open exercise stands in for the same one in a person's kit.
async function instead(path) {
  const [own, slug] = OWN.exec(path) ?? [];
  const open = own && (await kept(`/me/steady/${slug ?? ""}`));
  return open ?? kept("/offline");
}

async function page(event, path) {
  const asked = fetch(event.request);
  const copy = OPEN.test(path) ? await kept(path) : undefined;
  const late = new Promise((_, no) => {
    if (copy) setTimeout(no, PATIENCE);
  });
  try {
    const fresh = await Promise.race([asked, late]);
    if (OPEN.test(path)) event.waitUntil(keepPage(path).catch(() => {}));
    return fresh;
  } catch {
    return copy ?? (await instead(path)) ?? Response.error();
  }
}

async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(request.url)) ?? Response.error();
  }
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepAll());
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name !== SHELF));
  const gone = old.then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(gone.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
});
