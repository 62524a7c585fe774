import assert from "node:assert/strict";
import { test } from "node:test";
import { wayToCoins } from "../../static/gifts/tray/ways.js";

const HERE = "https://site.example/coins/?coins=5&next=%2Flive%2F1%2F%3Fgift%3Dpebble";

function back(href) {
  return new URL(new URL(href).searchParams.get("next"), href);
}

test("the way to the coins names what is missing and leads back with the gift", () => {
  const way = wayToCoins(HERE, 2_109, "");
  assert.equal(new URL(way).searchParams.get("coins"), "2109");
  assert.equal(back(way).href, "https://site.example/live/1/?gift=pebble");
});

test("a message goes along as it was written", () => {
  const way = wayToCoins(HERE, 5, "Füchse & Häfen? 100% #1");
  assert.equal(back(way).searchParams.get("message"), "Füchse & Häfen? 100% #1");
  assert.equal(back(way).searchParams.get("gift"), "pebble");
});

test("a message that was taken away goes nowhere", () => {
  const way = wayToCoins(wayToCoins(HERE, 5, "Hello"), 5, "");
  assert.equal(back(way).searchParams.has("message"), false);
});
