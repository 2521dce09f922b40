// Addresses in messages: where they end, and which of them a link may lead to.

/** Characters. */
export const longestAddress = 2_000;

/** Whether a link may lead there: only web and e-mail addresses, no scripts. */
export const isSafe = (address: string): boolean => {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
};

/** Where the target of a link ends, from the first character behind its bracket; brackets inside it come in pairs. */
export function endOfTarget(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length && at - from < longestAddress; at++) {
    const letter = text[at] ?? "";
    if (/\s/.test(letter)) return null;
    if (letter === ">") return text[at + 1] === ")" ? at : null;
    if (letter === "(") depth++;
    if (letter === ")" && depth-- === 0) return at;
  }
  return null;
}

/** Cuts the punctuation of the sentence off an address; a closing bracket stays if it was opened in the address. */
export function trimAddress(address: string): string {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1] ?? "";
    if (/[.,:;!?'"»”’*_~|\]]/.test(last)) continue;
    if (last === ")" && count(address, ")", end) > count(address, "(", end)) continue;
    break;
  }
  return address.slice(0, end);
}

const count = (text: string, letter: string, end: number): number => {
  let found = 0;
  for (let at = 0; at < end; at++) if (text[at] === letter) found++;
  return found;
};
