import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { bch, correction, type Modules, qr } from "../src/lib/qr";

const draw = (modules: Modules | null): string => (modules ?? []).map((row) => row.map(Number).join("")).join("\n");
const text = (length: number): string => "otpauth://totp/".repeat(20).slice(0, length);

test("the error correction bytes and the format information are those of the standard's examples", () => {
  const data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17];
  assert.deepEqual(correction(data, 10), [196, 35, 39, 119, 235, 215, 231, 226, 93, 23]);
  assert.equal((bch(0, 0b10100110111, 10) ^ 0b101010000010010).toString(2), "101010000010010");
  assert.equal(bch(7, 0b1111100100101, 12).toString(2).padStart(18, "0"), "000111110010010100");
});

/** Length, mask, and SHA-256 of the modules as another encoder draws them: the longest text of each version. */
const known: readonly [number, number, string][] = [
  [14, 0, "8332c0f218dfcae0b8ef6f9fe63fc740467e379dada61fae07ec9e11e84b5352"],
  [26, 1, "7200078be793fbcf94f9e2427d273693a4d74666cdb527f213ab95f182cd2402"],
  [42, 2, "449b638750414819c71707d97ec1a30277bb5f8a2d471798147a990a7a98a510"],
  [62, 3, "93e7007b0a3edda8f5d1ff71b57eef8b30864e3482a4f8747711418b8ce2109e"],
  [84, 4, "c17f9b59c446fc244c973497bbcacdcaa33eede76006088686d9071996a2b956"],
  [106, 5, "bf1116138d147da7c6bcd587b571269126f1726afd2d22d470e4eadb95e14da9"],
  [122, 6, "4ebdc15185c1a5e854f30c414de7c769040d1fb4d7af3760450118081d10898a"],
  [152, 7, "0db9017d739a7b9fe2a50f72546c5277cb1530eadb6df59b1ce835b61139d4e6"],
  [180, 0, "9c2a0e51a5c78f7afba771f34d3aa3c5393d15a8933507b0028ce89183f76a55"],
  [213, 1, "3845099731196219864365294e929b64beaaaa2ccf3ebe8f36fc3226fbbfea85"],
];

test("each version is drawn as other encoders draw it", () => {
  known.forEach(([length, mask, hash], index) => {
    const modules = qr(text(length), mask);
    assert.equal(modules?.length, 21 + index * 4);
    assert.equal(createHash("sha256").update(draw(modules)).digest("hex"), hash, `version ${index + 1}`);
  });
});

test("a text is as long as the largest version holds, and no longer", () => {
  assert.equal(qr(text(213))?.length, 57);
  assert.equal(qr(text(214)), null);
  assert.equal(qr("")?.length, 21);
});
