import assert from "node:assert/strict";
import { test } from "node:test";
import { type Attachment, kindOf, readAttachments, roomFor } from "../src/features/files/index";
import { sizeText } from "../src/features/files/sizes";
import type { Words } from "../src/lib/i18n";

const file = (more: Partial<Attachment>): Attachment => ({
  id: "f",
  name: "x",
  type: "application/octet-stream",
  size: 1,
  width: null,
  height: null,
  url: "/files/f/x",
  thumbnail_url: null,
  ...more,
});
const picture = (width: number, height: number) =>
  file({ type: "image/png", width, height, thumbnail_url: "/files/f/preview/image.webp" });

test("what has a preview is a picture, whatever it calls itself", () => {
  assert.equal(kindOf(picture(10, 10)), "picture");
  assert.equal(kindOf(file({ type: "image/png" })), "other");
  assert.equal(kindOf(file({ type: "image/svg+xml", width: 1, height: 1 })), "other");
  assert.equal(kindOf(file({ type: "audio/mpeg" })), "sound");
  assert.equal(kindOf(file({ type: "video/x-matroska" })), "other");
  assert.equal(kindOf(file({ type: "video/mp4" })), "video");
});

test("room is kept in the shape of the picture", () => {
  assert.deepEqual(roomFor(picture(1600, 900)), { width: 400, height: 225, scales: true });
  assert.deepEqual(roomFor(picture(900, 1600)), { width: 180, height: 320, scales: true });
  assert.deepEqual(roomFor(picture(100, 80)), { width: 100, height: 80, scales: true });
  assert.deepEqual(roomFor(picture(1, 1)), { width: 48, height: 48, scales: true });
});

test("nothing from elsewhere is loaded", () => {
  assert.deepEqual(readAttachments([{ id: "f", url: "https://elsewhere.test/x" }, { id: "g" }, 3]), []);
  const [read] = readAttachments([{ id: "f", url: "/files/f/x", thumbnail_url: "//elsewhere.test/x" }]);
  assert.equal(read?.thumbnail_url, null);
});

test("sizes are said in the unit that fits", () => {
  const t: Words = (key, values) => `${values?.["number"]} ${key.slice(-1)}`;
  assert.deepEqual([0, 1023, 1024, 1536, 20_000_000, 5 * 2 ** 30].map((bytes) => sizeText(bytes, t)), [
    "0 0",
    "1,023 0",
    "1 1",
    "1.5 1",
    "19.1 2",
    "5 3",
  ]);
});
