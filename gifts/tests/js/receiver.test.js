// Who gets the gifts: what goes along with a press, and when somebody else is chosen.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Receiver } from "../../static/gifts/tray/receiver.js";

/** A tray with chips; `choose` presses one, and `leave` takes the list away. */
function stage(...chips) {
  const heard = {};
  let chosen = chips[0];
  let there = chips;
  const places = [{ textContent: "" }];
  let looks = 0;
  const asked = { dispatchEvent: () => (looks += 1) };
  for (const chip of chips) {
    Object.defineProperty(chip, "checked", {
      configurable: true,
      get: () => chosen === chip,
      set: () => (chosen = chip),
    });
  }
  const form = {
    querySelector: (what) => (what.includes("receivers") ? asked : (chosen ?? null)),
    querySelectorAll: () => there,
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
    looks: () => looks,
    choose(number) {
      chosen = chips[number];
      heard.change();
    },
    anew(chip, list = chips) {
      chosen = chip;
      there = list;
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
  anew(undefined, []);
  assert.equal(receiver.id, undefined);
  assert.equal(changes(), 2);
});

test("who is chosen while the list is on its way stays chosen", () => {
  const { receiver, choose, anew, changes } = stage(BOB, NORA);
  choose(1);
  anew(BOB);
  assert.equal(receiver.id, "n1");
  assert.equal(changes(), 1);
});

test("a room asks for the list within some seconds, and not when somebody is muted", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(Math, "random", () => 0.5);
  const { looks } = stage(BOB, NORA);
  const tell = (...on) =>
    document.dispatchEvent(
      new CustomEvent("live:guests", { detail: { guests: on.map((person) => ({ person })) } }),
    );
  tell("n1", "o1");
  assert.equal(looks(), 0);
  t.mock.timers.tick(4_000);
  assert.equal(looks(), 1);
  tell("o1", "n1");
  t.mock.timers.tick(8_000);
  assert.equal(looks(), 1);
  mock.restoreAll();
});

test("who chose one that left asks at once", () => {
  const { choose, looks } = stage(BOB, NORA);
  choose(1);
  document.dispatchEvent(new CustomEvent("live:guests", { detail: { guests: [] } }));
  assert.equal(looks(), 1);
});
