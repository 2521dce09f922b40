// Preferences that stay on this device; a browser that refuses storage only forgets them.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`foyer.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`foyer.${key}`);
    else localStorage.setItem(`foyer.${key}`, value);
  } catch {
    // Private windows refuse; the preference then lasts as long as the page.
  }
}

/** The language that was chosen on this device, else the one of the account that was here last (`id:language`). */
export const keptLanguage = (): string | null =>
  recall("language") ?? recall("language.account")?.split(":").pop() ?? null;
