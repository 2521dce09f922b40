import assert from "node:assert/strict";
import { test } from "node:test";
import { largest, middle, moved, resized, smallest, type Square, zoomed, zoomOf } from "../src/features/users/crop";

const sizes = [{ width: 400, height: 200 }, { width: 30, height: 900 }, { width: 1, height: 1 }, {
  width: 6000,
  height: 4000,
}];

const isInside = (of: { width: number; height: number }, { x, y, size }: Square): boolean =>
  x >= 0 && y >= 0 && size > 0 && x + size <= of.width + 1e-6 && y + size <= of.height + 1e-6;

test("a square stays within its picture, whatever is done to it", () => {
  for (const of of sizes) {
    let square = middle(of);
    assert(isInside(of, square));
    for (let step = 0; step < 200; step++) {
      const far = ((step * 7919) % 401) - 200;
      square = step % 3 === 0
        ? moved(of, square, far * 9, -far * 5)
        : step % 3 === 1
        ? resized(of, square, square.size * (1 + far / 300))
        : zoomed(of, square, far);
      assert(isInside(of, square), `${JSON.stringify(of)}: ${JSON.stringify(square)}`);
    }
  }
});

test("a square is resized around its middle where there is room", () => {
  const of = { width: 400, height: 200 };
  assert.deepEqual(middle(of), { x: 100, y: 0, size: 200 });
  assert.deepEqual(resized(of, middle(of), 100), { x: 150, y: 50, size: 100 });
  assert.deepEqual(resized(of, { x: 0, y: 100, size: 100 }, 200), { x: 0, y: 0, size: 200 });
});

test("the slider goes from the whole to the nearest, and says where it stands", () => {
  for (const of of sizes) {
    assert.equal(zoomed(of, middle(of), 0).size, largest(of));
    assert(Math.abs(zoomed(of, middle(of), 100).size - smallest(of)) < 1e-6);
    for (const zoom of largest(of) === smallest(of) ? [] : [0, 1, 33, 99, 100]) {
      assert(Math.abs(zoomOf(of, zoomed(of, middle(of), zoom)) - zoom) < 1e-6);
    }
  }
});
