// The square that is cut out of a picture: arithmetic alone, in pixels of the picture.
export interface Size {
  width: number;
  height: number;
}

export interface Square {
  x: number;
  y: number;
  size: number;
}

/** Below this the picture would be a few large dots. */
const least = 32;

const between = (low: number, value: number, high: number): number => Math.min(Math.max(value, low), high);

export const largest = (of: Size): number => Math.min(of.width, of.height);
export const smallest = (of: Size): number => Math.min(largest(of), Math.max(least, largest(of) / 8));

/** The same square, moved back into the picture. */
export function within(of: Size, square: Square): Square {
  const size = between(smallest(of), square.size, largest(of));
  return { x: between(0, square.x, of.width - size), y: between(0, square.y, of.height - size), size };
}

export const middle = (of: Size): Square => {
  const size = largest(of);
  return { x: (of.width - size) / 2, y: (of.height - size) / 2, size };
};

export const moved = (of: Size, square: Square, x: number, y: number): Square =>
  within(of, { ...square, x: square.x + x, y: square.y + y });

/** Of another size around the same middle. */
export function resized(of: Size, square: Square, size: number): Square {
  const next = between(smallest(of), size, largest(of));
  const shift = (square.size - next) / 2;
  return within(of, { x: square.x + shift, y: square.y + shift, size: next });
}

/** From 0, as much of the picture as there is, to 100, as near as it goes: each step the same factor. */
export const zoomOf = (of: Size, square: Square): number => {
  const range = Math.log(largest(of) / smallest(of));
  return range === 0 ? 0 : (100 * Math.log(largest(of) / square.size)) / range;
};

export const zoomed = (of: Size, square: Square, zoom: number): Square =>
  resized(of, square, largest(of) * (smallest(of) / largest(of)) ** (between(0, zoom, 100) / 100));
