// The service worker: the app opens without a network. It keeps the app's own files alone, never an answer of the API.

/** The files without which nothing shows, and a name that changes with them; the build puts both in. */
declare const SHELL: readonly string[];
declare const SHELL_NAME: string;

interface LifeEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends LifeEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(type: "install" | "activate", listener: (event: LifeEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}

const worker = globalThis as unknown as Worker;
const page = "/";

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL_NAME).then((cache) => cache.addAll([...SHELL])));
});

worker.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name !== SHELL_NAME));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(page, request)));
  // Their names change with their content: what is kept is what is served.
  else if (pathname.startsWith("/assets/")) event.respondWith(kept(pathname, request));
});

/** What is kept, else what the server has. */
async function kept(path: string, request: Request): Promise<Response> {
  return await caches.match(path, { ignoreVary: true }) ?? await fetch(request);
}

export {};
