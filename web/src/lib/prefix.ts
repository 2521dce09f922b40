// A language in front of the address, as in `/fr/films/…`: how search engines link to a page. It says the language; the app's own addresses have none.
const found = typeof location === "undefined" ? null : /^\/(fr|en)(?=\/|$)/.exec(location.pathname);

/** The language that the address began with. */
export const prefixed: "fr" | "en" | null = found ? found[1] === "fr" ? "fr" : "en" : null;

if (found) {
  const rest = location.pathname.slice(3) || "/";
  history.replaceState(history.state, "", rest + location.search + location.hash);
}
