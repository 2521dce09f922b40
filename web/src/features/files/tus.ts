// tus 1.0.0 in a browser. It uses XMLHttpRequest, since `fetch` does not report the progress of an upload.
import { csrfHeaders } from "../../lib/api";
import { locale } from "../../lib/i18n";
import { offlineProblem, readProblem, timeoutProblem } from "../../lib/problem";

const base = "/api/v1/files";
/** Bytes of one request: a proxy in front of the site may limit the size of a body. */
export const slice = 8 << 20;
/** A request without progress is given up after this time, in ms. */
const patience = 30_000;

interface Answer {
  header: (name: string) => string | null;
}

interface TusRequest {
  headers?: Record<string, string>;
  body?: Blob;
  onProgress?: (bytes: number) => void;
  signal: AbortSignal;
}

function request(
  method: string,
  path: string,
  { headers = {}, body, onProgress, signal }: TusRequest,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ask = new XMLHttpRequest();
    ask.open(method, path);
    const all = { "Accept-Language": locale(), "Tus-Resumable": "1.0.0", ...csrfHeaders(), ...headers };
    for (const [name, value] of Object.entries(all)) ask.setRequestHeader(name, value);
    let timer = 0;
    const moved = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        ask.abort();
        reject(timeoutProblem());
      }, patience);
    };
    const stop = () => {
      ask.abort();
      reject(offlineProblem());
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    moved();
    ask.upload.onprogress = (event) => {
      moved();
      onProgress?.(event.loaded);
    };
    ask.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    };
    ask.onerror = () => reject(offlineProblem());
    ask.onload = () => {
      const header = (name: string) => ask.getResponseHeader(name);
      if (ask.status >= 200 && ask.status < 300) return resolve({ header });
      reject(readProblem(ask.status, parse(ask.responseText), header));
    };
    ask.send(body ?? null);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Begins an upload, and returns its address. */
export async function create(file: File, signal: AbortSignal): Promise<string> {
  const headers = { "Upload-Length": String(file.size), "Upload-Metadata": `filename ${base64(file.name)}` };
  const answer = await request("POST", base, { headers, signal });
  return answer.header("Location") ?? "";
}

const offsetIn = ({ header }: Answer): number => Number(header("Upload-Offset") ?? 0);

/** How many bytes the server has. */
export const offsetOf = async (path: string, signal: AbortSignal): Promise<number> =>
  offsetIn(await request("HEAD", path, { signal }));

/** Sends the next bytes, and returns how many the server has then. */
export const send = async (
  path: string,
  file: File,
  offset: number,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<number> =>
  offsetIn(
    await request("PATCH", path, {
      headers: { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
      body: file.slice(offset, offset + slice),
      onProgress: (bytes) => onProgress(offset + bytes),
      signal,
    }),
  );

/** Cancels an upload. The server removes it within a day if the request fails. */
export const giveUp = (path: string): void =>
  void request("DELETE", path, { signal: new AbortController().signal }).catch(() => undefined);
