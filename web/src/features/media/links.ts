// Links to titles of this site in a text.
const id = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const link = new RegExp(`(https?://[^\\s/<>]+)(?:/(?:fr|en))?/(?:films|series)/[^\\s/<>)]*(${id})`, "gi");

/** As many as a message shows. */
const most = 3;

/** The ids of the titles that a text links to, each once. */
export function titlesLinkedIn(text: string, origin: string): string[] {
  if (!text.includes("/films/") && !text.includes("/series/")) return [];
  const ids = [...text.matchAll(link)].filter(([, site]) => site?.toLowerCase() === origin.toLowerCase())
    .map(([, , found]) => (found ?? "").toLowerCase());
  return [...new Set(ids)].slice(0, most);
}
