import assert from "node:assert/strict";
import { createElement as h, Fragment } from "react";
import { test } from "node:test";
import { choiceBeginning, findChoices, readChoices } from "../src/ui/choices";
import { findingOf } from "../src/ui/validity";

const written = h(
  Fragment,
  null,
  h("option", { value: "", disabled: true }, "Choose…"),
  [7, 30].map((days) => h("option", { key: days, value: days }, days, " days")),
  false,
  h("optgroup", { label: "Équipe" }, h("option", null, "Modérateur"), h("option", { value: "mine" }, "Mine")),
);

test("the choices of a select are read as HTML writes them", () => {
  assert.deepEqual(readChoices(written), [
    { value: "", label: "Choose…", group: null, isPlaceholder: true },
    { value: "7", label: "7 days", group: null, isPlaceholder: false },
    { value: "30", label: "30 days", group: null, isPlaceholder: false },
    { value: "Modérateur", label: "Modérateur", group: "Équipe", isPlaceholder: false },
    { value: "mine", label: "Mine", group: "Équipe", isPlaceholder: false },
  ]);
  assert.throws(() => readChoices(h(() => null)));
});

test("a choice is found by a part of its words or of its heading, without accents", () => {
  const choices = readChoices(written);
  assert.deepEqual(findChoices(choices, " MODER").map(({ value }) => value), ["Modérateur"]);
  assert.deepEqual(findChoices(choices, "equipe").map(({ value }) => value), ["Modérateur", "mine"]);
});

test("a letter leads to the next choice that begins with it, more letters stay with the first that fits", () => {
  const choices = readChoices(written).slice(1);
  assert.equal(choiceBeginning(choices, "m", 0), 2);
  assert.equal(choiceBeginning(choices, "m", 2), 3);
  assert.equal(choiceBeginning(choices, "m", 3), 2);
  assert.equal(choiceBeginning(choices, "mi", 2), 3);
  assert.equal(choiceBeginning(choices, "mo", 2), 2);
  assert.equal(choiceBeginning(choices, "x", 0), null);
});

test("what the browser finds wrong is a sentence of ours", () => {
  const wrong = (fault: string, more: object = {}) =>
    findingOf({ type: "text", validity: { valid: false, [fault]: true } as unknown as ValidityState, ...more });
  assert.equal(findingOf({ type: "text", validity: { valid: true } as ValidityState }), null);
  assert.deepEqual(wrong("valueMissing"), ["field.required"]);
  assert.deepEqual(wrong("valueMissing", { type: "checkbox" }), ["field.tick"]);
  assert.deepEqual(wrong("tooShort", { minLength: 2 }), ["field.short", { count: 2 }]);
  assert.deepEqual(wrong("typeMismatch", { type: "email" }), ["field.email"]);
  assert.deepEqual(wrong("typeMismatch", { type: "url" }), ["field.url"]);
  const bounds = { type: "number", min: "2", max: "100" };
  assert.deepEqual(wrong("rangeOverflow", bounds), ["field.between", { min: "2", max: "100" }]);
  assert.deepEqual(wrong("rangeUnderflow", { ...bounds, max: "" }), ["field.least", { min: "2", max: "" }]);
  assert.deepEqual(wrong("badInput", { type: "number" }), ["field.number"]);
});
