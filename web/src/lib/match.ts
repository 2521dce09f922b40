// How well a typed text fits a label: whole words before beginnings, beginnings before letters in order.
import { fold } from "./fold";

const wordsOf = (text: string): string[] => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** How many changes of a letter are forgiven in a word of this length. */
const forgiven = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2);

/** The fewest letters to add, drop, change or swap with their neighbour. */
export function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let column = 1; column <= other.length; column++) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      let least = Math.min((last[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + change);
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      }
      now[column] = least;
    }
    before = last;
    last = now;
  }
  return last[other.length] ?? 0;
}

function scoreWord(typed: string, words: readonly string[]): number {
  let best = 0;
  for (const word of words) {
    if (word === typed) return 4;
    if (word.startsWith(typed)) best = Math.max(best, 3);
    else if (typed.length > 2 && word.includes(typed)) best = Math.max(best, 2);
    else if (
      distance(typed, word.slice(0, typed.length + 1)) <= forgiven(typed.length) ||
      distance(typed, word.slice(0, typed.length)) <= forgiven(typed.length)
    ) best = Math.max(best, 1);
  }
  return best;
}

/**
 * 0 when some word of what is typed fits nothing; otherwise higher for a better fit. A fit in the label counts more than one in its synonyms.
 */
export function score(typed: string, label: string, also = ""): number {
  const wanted = wordsOf(typed);
  const [own, other] = [wordsOf(label), wordsOf(also)];
  let total = 0;
  for (const word of wanted) {
    const found = Math.max(scoreWord(word, own) * 2, scoreWord(word, other));
    if (found === 0) return 0;
    total += found;
  }
  return wanted.length === 0 ? 1 : total / wanted.length;
}
