// Runs before the first paint, so that nothing flashes: the theme and the density of this device, and its words on their way beside the app.
import { keptLanguage } from "../lib/memory";
import { keptDensity, keptTheme, paint, paintDensity } from "../ui/paint";

paint(keptTheme());
paintDensity(keptDensity());

const wanted = keptLanguage() ?? navigator.languages.find((tag) => /^(fr|en)\b/i.test(tag)) ?? "en";
const words = document.querySelector<HTMLMetaElement>(`meta[name="words-${wanted.slice(0, 2).toLowerCase()}"]`)
  ?.content;
if (words) {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = words;
  document.head.append(link);
}
