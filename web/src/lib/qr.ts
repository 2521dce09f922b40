// QR codes (ISO/IEC 18004) for texts as bytes, with error correction level M, versions 1 to 10: up to 213 bytes.

/** Error correction bytes of a block, then the data bytes of each block, by version. */
const blocks: readonly [number, readonly number[]][] = [
  [10, [16]],
  [16, [28]],
  [26, [44]],
  [18, [32, 32]],
  [24, [43, 43]],
  [16, [27, 27, 27, 27]],
  [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]],
  [22, [36, 36, 36, 37, 37]],
  [26, [43, 43, 43, 43, 44]],
];
const alignments: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
];

export type Modules = boolean[][];

const exp: number[] = [];
const log: number[] = [];
for (let power = 0, value = 1; power < 255; power++) {
  exp[power] = value;
  log[value] = power;
  value = value << 1 ^ (value & 0x80 ? 0x11d : 0);
}
const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : exp[((log[a] ?? 0) + (log[b] ?? 0)) % 255] ?? 0;

/** The Reed–Solomon remainder of data, highest power first. */
export function correction(data: readonly number[], length: number): number[] {
  let generator = [1];
  for (let power = 0; power < length; power++) {
    const next = [...generator, 0];
    generator.forEach((value, at) => next[at + 1] = (next[at + 1] ?? 0) ^ times(value, exp[power] ?? 0));
    generator = next;
  }
  const rest = [...data, ...Array<number>(length).fill(0)];
  data.forEach((_, at) => {
    const factor = rest[at] ?? 0;
    generator.forEach((value, index) => rest[at + index] = (rest[at + index] ?? 0) ^ times(value, factor));
  });
  return rest.slice(data.length);
}

/** A value and its BCH remainder: format information and version information. */
export function bch(value: number, generator: number, length: number): number {
  let rest = value << length;
  const size = 32 - Math.clz32(generator);
  while (32 - Math.clz32(rest) >= size) rest ^= generator << (32 - Math.clz32(rest) - size);
  return value << length | rest;
}

function codewords(bytes: Uint8Array, version: number): number[] {
  const [length, sizes] = blocks[version - 1] ?? [0, []];
  const capacity = sizes.reduce((sum, size) => sum + size, 0);
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push(value >> bit & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, capacity * 8 - bits.length));
  put(0, (8 - bits.length % 8) % 8);
  const data = Array.from({ length: bits.length / 8 }, (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8).join(""), 2));
  for (let pad = 0xec; data.length < capacity; pad ^= 0xec ^ 0x11) data.push(pad);
  let from = 0;
  const parts = sizes.map((size) => data.slice(from, from += size));
  const corrections = parts.map((part) => correction(part, length));
  const interleave = (lists: number[][]) =>
    Array.from(
      { length: Math.max(...lists.map((list) => list.length)) },
      (_, at) => lists.flatMap((list) => list.slice(at, at + 1)),
    )
      .flat();
  return [...interleave(parts), ...interleave(corrections)];
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => x * y % 2 + x * y % 3 === 0,
  (x, y) => (x * y % 2 + x * y % 3) % 2 === 0,
  (x, y) => ((x + y) % 2 + x * y % 3) % 2 === 0,
];

class Grid {
  readonly modules: Modules;
  private readonly fixed: Modules;

  constructor(readonly version: number, readonly size = version * 4 + 17) {
    this.modules = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
    this.fixed = this.modules.map((row) => [...row]);
    this.patterns();
    this.format(0);
    this.versionInformation();
  }

  private fix(x: number, y: number, dark: boolean): void {
    const row = this.modules[y];
    const fixed = this.fixed[y];
    if (!row || !fixed || x < 0 || x >= this.size) return;
    row[x] = dark;
    fixed[x] = true;
  }

  private patterns(): void {
    for (let at = 0; at < this.size; at++) {
      this.fix(6, at, at % 2 === 0);
      this.fix(at, 6, at % 2 === 0);
    }
    for (const [left, top] of [[0, 0], [this.size - 7, 0], [0, this.size - 7]] as const) {
      for (let y = -1; y <= 7; y++) {
        for (let x = -1; x <= 7; x++) {
          const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
          this.fix(left + x, top + y, ring !== 2 && ring !== 4);
        }
      }
    }
    const centres = alignments[this.version - 1] ?? [];
    for (const y of centres) {
      for (const x of centres) {
        if (this.isFinder(x, y)) continue;
        for (let dy = -2; dy <= 2; dy++) {
          for (let dx = -2; dx <= 2; dx++) this.fix(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
        }
      }
    }
  }

  private isFinder(x: number, y: number): boolean {
    const far = this.size - 9;
    return (x < 9 && y < 9) || (x < 9 && y > far) || (x > far && y < 9);
  }

  format(mask: number): void {
    // Level M is 00.
    const bits = bch(mask, 0b10100110111, 10) ^ 0b101010000010010;
    for (let bit = 0; bit < 15; bit++) {
      const dark = (bits >> bit & 1) === 1;
      this.fix(8, bit < 6 ? bit : bit < 8 ? bit + 1 : this.size - 15 + bit, dark);
      this.fix(bit < 8 ? this.size - 1 - bit : bit === 8 ? 7 : 14 - bit, 8, dark);
    }
    this.fix(8, this.size - 8, true);
  }

  private versionInformation(): void {
    if (this.version < 7) return;
    const bits = bch(this.version, 0b1111100100101, 12);
    for (let bit = 0; bit < 18; bit++) {
      const [a, b] = [Math.floor(bit / 3), this.size - 11 + bit % 3];
      this.fix(a, b, (bits >> bit & 1) === 1);
      this.fix(b, a, (bits >> bit & 1) === 1);
    }
  }

  /** From the lower right in pairs of columns, up and down; the column of the timing pattern is skipped. */
  fill(words: readonly number[]): void {
    let bit = 0;
    let upward = false;
    for (let right = this.size - 1; right > 0; right -= right === 8 ? 3 : 2) {
      upward = !upward;
      for (let step = 0; step < this.size; step++) {
        const y = upward ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) {
          const row = this.modules[y];
          if (!row || this.fixed[y]?.[x]) continue;
          row[x] = ((words[bit >> 3] ?? 0) >> (7 - bit % 8) & 1) === 1;
          bit++;
        }
      }
    }
  }

  mask(of: number): void {
    const flips = masks[of];
    this.modules.forEach((row, y) =>
      row.forEach((dark, x) => {
        if (!this.fixed[y]?.[x]) row[x] = dark !== flips?.(x, y);
      })
    );
    this.format(of);
  }
}

function penalty(modules: Modules): number {
  const columns = modules.map((_, x) => modules.map((row) => row[x] ?? false));
  let total = 0;
  for (const line of [...modules, ...columns]) {
    const text = line.map(Number).join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) total += run.length - 2;
    for (let at = 0; at + 11 <= text.length; at++) {
      if (/^(10111010000|00001011101)$/.test(text.slice(at, at + 11))) total += 40;
    }
  }
  for (let y = 1; y < modules.length; y++) {
    for (let x = 1; x < modules.length; x++) {
      const [a, b] = [modules[y], modules[y - 1]];
      if (a?.[x] === a?.[x - 1] && a?.[x] === b?.[x] && a?.[x] === b?.[x - 1]) total += 3;
    }
  }
  const dark = modules.flat().filter(Boolean).length / modules.length ** 2;
  return total + Math.floor(Math.abs(dark * 100 - 50) / 5) * 10;
}

/** The modules of a text's code, row by row, true for dark; null when it is too long. */
export function qr(text: string, wanted?: number): Modules | null {
  const bytes = new TextEncoder().encode(text);
  const version = blocks.findIndex(([, sizes], index) => {
    const capacity = sizes.reduce((sum, size) => sum + size, 0);
    return bytes.length * 8 + 4 + (index < 9 ? 8 : 16) <= capacity * 8;
  }) + 1;
  if (version === 0) return null;
  const words = codewords(bytes, version);
  let best: { modules: Modules; penalty: number } | null = null;
  for (let mask = 0; mask < 8; mask++) {
    if (wanted !== undefined && wanted !== mask) continue;
    const grid = new Grid(version);
    grid.fill(words);
    grid.mask(mask);
    const found = { modules: grid.modules, penalty: penalty(grid.modules) };
    if (!best || found.penalty < best.penalty) best = found;
  }
  return best?.modules ?? null;
}
