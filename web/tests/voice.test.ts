import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measured } from "../src/features/voice/peer";
import { qualityOf } from "../src/features/voice/quality";

const measured = (lost: number, received: number, jitter = 2, trip = 20): Measured => ({
  packets_lost: lost,
  packets_received: received,
  jitter_ms: jitter,
  rtt_ms: trip,
});

test("the quality of a call is that of the last seconds", () => {
  const before = measured(90, 1_000);
  assert.equal(qualityOf(null, measured(0, 100)), "good");
  assert.equal(qualityOf(before, measured(90, 1_200)), "good");
  assert.equal(qualityOf(before, measured(98, 1_192)), "fair");
  assert.equal(qualityOf(before, measured(120, 1_170)), "poor");
  assert.equal(qualityOf(before, measured(90, 1_200, 40)), "fair");
  assert.equal(qualityOf(before, measured(90, 1_200, 2, 450)), "poor");
  assert.equal(qualityOf(before, before), "good");
});
