// Files in messages. This module holds what the pages of conversations need at once; the components are loaded when they are needed.
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import { createStore } from "../../lib/store";
import type { AttachProps } from "./Attach";
import type { FileBodyProps } from "./FileBody";
import type { FilesWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends FilesWords {}
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const bundle = () => Promise.all([import("../../bundles/files"), needWords(words)]).then(([found]) => found);

/** The button that adds files, and the list of chosen files above the text box. */
export const attach = lazily<AttachProps>("files", () => bundle().then((found) => found.Attach));
export const trayOf = lazily<{ conversation: string }>("files", () => bundle().then((found) => found.Tray));
export const fileBody = lazily<FileBodyProps>("files", () => bundle().then((found) => found.FileBody));

/** A file as the API gives it. */
export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
  width: number | null;
  height: number | null;
  url: string;
  thumbnail_url: string | null;
}

export const readAttachments = (value: unknown): Attachment[] =>
  asList(value).map(asRaw).flatMap((raw) => {
    const [id, url] = [asText(raw["id"]), asText(raw["url"])];
    // Only paths of this site are loaded.
    if (!id || !url?.startsWith("/files/")) return [];
    const preview = asText(raw["thumbnail_url"]);
    return [{
      id,
      url,
      name: asText(raw["name"]) ?? "",
      type: asText(raw["type"]) ?? "",
      size: asNumber(raw["size"]) ?? 0,
      width: asNumber(raw["width"]) ?? null,
      height: asNumber(raw["height"]) ?? null,
      thumbnail_url: preview?.startsWith("/files/") ? preview : null,
    }];
  });

export type FileKind = "picture" | "sound" | "video" | "other";

/** How a file is shown. A picture without a preview is shown as a plain file. */
export function kindOf({ type, width, height, thumbnail_url }: Attachment): FileKind {
  if (thumbnail_url && width && height) return "picture";
  if (/^audio\/(mpeg|mp4|ogg|wav|flac|webm|aac)$/.test(type)) return "sound";
  return /^video\/(mp4|webm|ogg|quicktime)$/.test(type) ? "video" : "other";
}

const widest = 400;
const highest = 320;

/** The space of a file, reserved before the file is loaded. */
export function roomFor(file: Attachment): { width: number; height: number; scales: boolean } {
  switch (kindOf(file)) {
    case "picture": {
      const [width, height] = [file.width ?? 1, file.height ?? 1];
      const scale = Math.min(1, widest / width, highest / height);
      return {
        width: Math.max(48, Math.round(width * scale)),
        height: Math.max(48, Math.round(height * scale)),
        scales: true,
      };
    }
    case "video":
      return { width: widest, height: 225, scales: true };
    case "sound":
      return { width: widest, height: 92, scales: false };
    default:
      return { width: widest, height: 60, scales: false };
  }
}

/** A file that was chosen for a message, before, during or after its upload. */
export interface Chosen {
  key: string;
  conversation: string;
  name: string;
  type: string;
  size: number;
  state: "waiting" | "sending" | "paused" | "failed" | "here";
  /** Bytes that the server has. */
  sent: number;
  /** Why it failed or waits, in words. */
  why: string | null;
  /** The uploaded file. */
  file: Attachment | null;
  /** The address of a local picture that is shown meanwhile. */
  preview: string | null;
}

export const chosen = createStore<readonly Chosen[]>([]);

export const chosenFor = (all: readonly Chosen[], conversation: string): Chosen[] =>
  all.filter((each) => each.conversation === conversation);

/** Takes the chosen files out of the list, for a message that is sent now. */
export function takeChosen(conversation: string): Attachment[] {
  const taken = chosenFor(chosen.get(), conversation);
  for (const { preview } of taken) if (preview) URL.revokeObjectURL(preview);
  chosen.set(chosen.get().filter((each) => each.conversation !== conversation));
  return taken.flatMap(({ file }) => file ?? []);
}

/** The text that stands for files in places without pictures. */
export const namesOf = (files: readonly { name: string }[]): string => files.map(({ name }) => name).join(", ");
