// Who gets the gifts: what goes along with a press, and when somebody else is chosen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Receiver } from "../../static/gifts/tray/receiver.js";

/** A tray with chips; `choose` presses one, and `leave` takes the list away. */
function stage(...chips) {
  const heard = {};
  let chosen = chips[0];
  const places = [{ textContent: "" }];
  const form = {
    querySelector: () => chosen ?? null,
    addEventListener: (kind, act) => {
      heard[kind] = act;
    },
  };
  const tray = { dataset: { host: "Bob" }, querySelectorAll: () => places };
  let changes = 0;
  const receiver = new Receiver(tray, form, () => {
    changes += 1;
  });
  return {
    receiver,
    places,
    changes: () => changes,
    choose(number) {
      chosen = chips[number];
      heard.change();
    },
    anew(chip) {
      chosen = chip;
      heard["htmx:load"]();
    },
  };
}
const BOB = { value: "", dataset: { name: "Bob" } };
const NORA = { value: "n1", dataset: { name: "Nora of the North" } };

test("without guests there is nothing to say", () => {
  const { receiver, places } = stage();
  assert.equal(receiver.id, undefined);
  assert.equal(receiver.name, "Bob");
  assert.equal(places[0].textContent, "Bob");
});

test("a guest who is chosen gets them, and the tiles say so", () => {
  const { receiver, places, choose, changes } = stage(BOB, NORA);
  choose(1);
  assert.equal(receiver.id, "n1");
  assert.equal(receiver.name, "Nora of the North");
  assert.equal(places[0].textContent, "Nora of …");
  assert.equal(changes(), 1);
  choose(1);
  assert.equal(changes(), 1);
});

test("when the chosen one has left, somebody else gets them", () => {
  const { receiver, choose, anew, changes } = stage(BOB, NORA);
  choose(1);
  anew(undefined);
  assert.equal(receiver.id, undefined);
  assert.equal(changes(), 2);
});
