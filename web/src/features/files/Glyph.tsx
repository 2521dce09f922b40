import { Outline } from "../../ui/Icon";

// Icons that only this bundle needs.
const paths = {
  attach: "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.2 4.2l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1L14 7.5",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 4.5M15 9.5h.01",
  sound: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  video: "M4 6h11v12H4zM15 10.5l5-3v9l-5-3z",
  pause: "M9 6v12M15 6v12",
} as const;

export type GlyphName = keyof typeof paths;

export function Glyph({ name, size = 18 }: { name: GlyphName; size?: number }) {
  return <Outline path={paths[name]} size={size} />;
}

/** The icon of a file by its media type. */
export function glyphOf(type: string): GlyphName {
  if (type.startsWith("image/")) return "picture";
  if (type.startsWith("audio/")) return "sound";
  return type.startsWith("video/") ? "video" : "file";
}
