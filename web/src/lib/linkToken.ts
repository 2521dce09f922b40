// The secret of a link stands behind its #, where no server and no log sees it: `/setup#token=…`. It is taken out of the address bar, since
// it must not stay in a history or a screenshot, and kept in this tab until it is used, so that a reload does not lose it.

/** The secret in a fragment, in a whole link, or alone. */
export function tokenOf(text: string): string {
  const after = text.includes("#") ? text.slice(text.indexOf("#") + 1) : text;
  return (new URLSearchParams(after).get("token") ?? after).trim();
}

const keyOf = (path: string): string => `foyer.link:${path}`;

/** Whether this page was here before: who comes anew, by an address without a secret, has none. */
function isReturn(): boolean {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return entry?.type === "reload" || entry?.type === "back_forward";
}

/** The secret of the link that led here; empty without one. */
export function takeLinkToken(): string {
  const key = keyOf(location.pathname);
  const token = location.hash.length > 1 ? tokenOf(location.hash) : "";
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  try {
    if (token) sessionStorage.setItem(key, token);
    else if (!isReturn()) sessionStorage.removeItem(key);
    return token || (sessionStorage.getItem(key) ?? "");
  } catch {
    // A browser that keeps nothing: a reload needs the link again.
    return token;
  }
}

/** It was used, or is good for nothing any more. */
export function forgetLinkToken(path: string = location.pathname): void {
  try {
    sessionStorage.removeItem(keyOf(path));
  } catch {
    // Nothing was kept.
  }
}
