// The one way to the server's REST API: cookie session, CSRF, idempotency, problems as exceptions.
import { locale } from "./i18n";
import { asProblem, offlineProblem, readProblem, timeoutProblem } from "./problem";

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Request {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Sent as `If-Match`: the edit is refused (412) when somebody else was quicker. */
  version?: number | string | undefined;
  /** Kept by the caller when a person may press again; otherwise one is made for each call. */
  key?: string;
  headers?: Record<string, string>;
  /** After how many ms without an answer it is given up; by default what `deadlineOf` says. */
  timeout?: number;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  total?: number;
}

const base = "/api/v1";
let csrf: string | null = null;
let isLeaving = false;
if (typeof addEventListener !== "undefined") {
  addEventListener("pagehide", () => isLeaving = true, true);
  addEventListener("pageshow", () => isLeaving = false);
}
let onSignedOut: () => void = () => undefined;
let onTimeout: () => void = () => undefined;

/** How long an answer may take, in ms. */
export const deadlineOf = (method: string): number => (method === "GET" ? 10_000 : 30_000);

export const setCsrf = (value: string | null): void => {
  csrf = value;
};

/** What a mutation carries besides the cookie, so that no other site can make it. */
export const csrfHeaders = (): Record<string, string> => (csrf ? { "X-Foyer-CSRF": csrf } : {});

/** Called when an answer says that the session is over. */
export const whenSignedOut = (callback: () => void): void => {
  onSignedOut = callback;
};

/** Called when no answer came in time: the live connection may be dead as well. */
export const whenTimedOut = (callback: () => void): void => {
  onTimeout = callback;
};

export function withQuery(path: string, query: Query = {}): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") pairs.set(name, String(value));
  }
  const tail = pairs.toString();
  return tail ? `${path}?${tail}` : path;
}

function headersFor(method: string, path: string, request: Request): Record<string, string> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Accept-Language": locale(),
    ...request.headers,
  };
  if (request.body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  if (method === "GET") return headers;
  Object.assign(headers, csrfHeaders());
  if (!path.startsWith("/auth/")) headers["Idempotency-Key"] = request.key ?? newKey();
  if (request.version !== undefined) headers["If-Match"] = `"${request.version}"`;
  return headers;
}

export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");

/** One try: the answer with its whole text, or a problem of the network. Whoever gave it a signal may end it. */
async function send(
  method: string,
  path: string,
  request: Request,
  headers: Record<string, string>,
): Promise<{ response: Response; text: string }> {
  const stop = new AbortController();
  const end = () => stop.abort();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, request.timeout ?? deadlineOf(method));
  request.signal?.addEventListener("abort", end);
  if (request.signal?.aborted) end();
  try {
    const response = await fetch(base + withQuery(path, request.query), {
      method,
      headers,
      credentials: "same-origin",
      // What is sent as the page goes still arrives.
      keepalive: method !== "GET" && isLeaving,
      cache: "no-store",
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: stop.signal,
    });
    return { response, text: await response.text() };
  } catch (error) {
    if (request.signal?.aborted) throw error;
    if (!isLate) throw offlineProblem();
    onTimeout();
    throw timeoutProblem();
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", end);
  }
}

/** Sends one request; a call that may be repeated is sent once more when its connection was lost on the way. */
export async function api<T>(method: string, path: string, request: Request = {}): Promise<T> {
  const headers = headersFor(method, path, request);
  const repeatable = method === "GET" || "Idempotency-Key" in headers;
  let answer: { response: Response; text: string };
  try {
    answer = await send(method, path, request, headers);
  } catch (error) {
    // Who was waited for in vain is not waited for again: the person decides.
    if (!repeatable || request.signal?.aborted || asProblem(error).isLate) throw error;
    await new Promise((resolve) => setTimeout(resolve, 400));
    answer = await send(method, path, request, headers);
  }
  const { response } = answer;
  const body = parse(answer.text);
  if (response.ok) return body as T;
  if (response.status === 401 && !path.startsWith("/auth/login") && !path.startsWith("/auth/setup")) onSignedOut();
  throw readProblem(response.status, body, (name) => response.headers.get(name));
}

function parse(raw: string): unknown {
  if (!raw) return undefined;
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  api<T>("GET", path, query ? { query, signal } : { signal });
export const post = <T>(path: string, body?: unknown, request: Request = {}): Promise<T> =>
  api<T>("POST", path, { ...request, body: body ?? {} });
export const patch = <T>(path: string, body: unknown, request: Request = {}): Promise<T> =>
  api<T>("PATCH", path, { ...request, body });
export const put = <T>(path: string, body: unknown, request: Request = {}): Promise<T> =>
  api<T>("PUT", path, { ...request, body });
export const del = <T>(path: string, request: Request = {}): Promise<T> => api<T>("DELETE", path, request);

/** Sends a file as it is, and tells how much of it has gone; `fetch` cannot. */
export function upload(
  method: string,
  path: string,
  file: Blob,
  onProgress: (share: number) => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, base + path);
    const headers = { Accept: "application/json", "Accept-Language": locale(), ...csrfHeaders() };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", file.type);
    // A large file may take its time; one of which nothing moves any more is given up.
    let timer = 0;
    const moved = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        request.abort();
        onTimeout();
        reject(timeoutProblem());
      }, deadlineOf(method));
    };
    moved();
    request.upload.onprogress = (event) => {
      moved();
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onloadend = () => clearTimeout(timer);
    request.onerror = () => reject(offlineProblem());
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) return resolve(body);
      if (request.status === 401) onSignedOut();
      reject(readProblem(request.status, body, (name) => request.getResponseHeader(name)));
    };
    request.send(file);
  });
}
