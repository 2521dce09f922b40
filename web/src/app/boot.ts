// Runs before the first paint, so that nothing flashes: the theme of this device, and its words on their way beside the app.
import { recall } from "../lib/memory";
import { keptTheme, paint } from "../ui/paint";

paint(keptTheme());

const wanted = recall("language") ?? navigator.languages.find((tag) => /^(fr|en)\b/i.test(tag)) ?? "en";
const words = document.querySelector<HTMLMetaElement>(`meta[name="words-${wanted.slice(0, 2).toLowerCase()}"]`)
  ?.content;
if (words) {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = words;
  document.head.append(link);
}
