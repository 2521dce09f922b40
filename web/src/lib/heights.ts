// Where the rows of a long list stand, of which only those near the screen have been measured.

/** Tops of rows and the height of all; a row that was never measured counts as much as is guessed. */
export class Heights {
  private readonly known = new Map<string, number>();
  private keys: readonly string[] = [];
  private index = new Map<string, number>();
  /** `tops[i]` is where row i begins; one more than there are rows. */
  private tops: number[] = [0];
  private isOld = true;

  constructor(private readonly guess: number) {}

  /** The rows there are now, in their order. Heights that were measured stay with their keys. */
  setKeys(keys: readonly string[]): void {
    if (keys === this.keys) return;
    this.keys = keys;
    this.index = new Map(keys.map((key, at) => [key, at]));
    this.isOld = true;
  }

  /** Whole pixels: a row never stands between two. True when it changes something. */
  measure(key: string, height: number): boolean {
    const whole = Math.ceil(height);
    if (this.known.get(key) === whole) return false;
    this.known.set(key, whole);
    this.isOld = true;
    return true;
  }

  get count(): number {
    return this.keys.length;
  }

  get total(): number {
    return this.layOut()[this.keys.length] ?? 0;
  }

  top(at: number): number {
    return this.layOut()[at] ?? 0;
  }

  keyAt(at: number): string | undefined {
    return this.keys[at];
  }

  indexOf(key: string): number | undefined {
    return this.index.get(key);
  }

  /** The row at a distance from the top; the last one beyond the end. */
  at(distance: number): number {
    const tops = this.layOut();
    let [low, high] = [0, this.keys.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((tops[middle] ?? 0) <= distance) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  private layOut(): readonly number[] {
    if (this.isOld) {
      const tops = new Array<number>(this.keys.length + 1);
      let top = 0;
      for (const [at, key] of this.keys.entries()) {
        tops[at] = top;
        top += this.known.get(key) ?? this.guess;
      }
      tops[this.keys.length] = top;
      this.tops = tops;
      this.isOld = false;
    }
    return this.tops;
  }
}

/** A row on the screen, and how far below the upper edge it begins (less than nothing where it begins above). */
export interface Anchor {
  key: string;
  below: number;
}

/** The rows that are seen at a place, from above. */
export function anchorsAt(heights: Heights, scrollTop: number, height: number): Anchor[] {
  const found: Anchor[] = [];
  for (let at = heights.at(scrollTop); at < heights.count && heights.top(at) < scrollTop + height; at++) {
    found.push({ key: heights.keyAt(at) ?? "", below: heights.top(at) - scrollTop });
  }
  return found;
}

/** Where to scroll so that the first of them that is still there stands where it stood; null when all are gone. */
export function placeOf(heights: Heights, anchors: readonly Anchor[]): number | null {
  for (const { key, below } of anchors) {
    const at = heights.indexOf(key);
    if (at !== undefined) return heights.top(at) - below;
  }
  return null;
}
