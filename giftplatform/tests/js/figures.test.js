// Scripts write figures and money as the server's examples do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresLike, moneyLike, priceLike } from "../../static/js/page.js";

for (const [example, ...shown] of [
  ["12,345,678.9", "7", "1,234", "123,456", "1,234,567", "1,234.50", "-1,234"],
  ["1,23,45,678.9", "7", "1,234", "1,23,456", "12,34,567", "1,234.50", "-1,234"],
  ["12.345.678,9", "7", "1.234", "123.456", "1.234.567", "1.234,50", "-1.234"],
  [
    "12\u202f345\u202f678,9",
    "7",
    "1\u202f234",
    "123\u202f456",
    "1\u202f234\u202f567",
    "1\u202f234,50",
    "-1\u202f234",
  ],
])
  test(`figures like ${example}`, () => {
    const figure = figuresLike(example);
    assert.deepEqual([7, 1234, 123456, 1234567, "1234.50", -1234].map(figure), shown);
  });

for (const [example, ...shown] of [
  ["$8.90", "$0.00", "$0.05", "$1,234.56", "$20.00"],
  ["8,90\u00a0€", "0.00\u00a0€", "0.05\u00a0€", "1,234.56\u00a0€", "20.00\u00a0€"],
  ["¥9", "¥0", "¥5", "¥123,456", "¥2,000"],
  ["IDR\u00a09", "IDR\u00a00", "IDR\u00a05", "IDR\u00a0123,456", "IDR\u00a02,000"],
])
  test(`money like ${example}`, () => {
    const money = moneyLike(example);
    assert.deepEqual(
      [0, 5, 123456, 2000n].map((minor) => money(minor)),
      shown,
    );
  });

test("a short amount has no cents where they are zero", () => {
  const money = moneyLike("$8.90");
  assert.deepEqual([money(2000, true), money(2050, true), money(0, true)], ["$20", "$20.50", "$0"]);
});

test("a sum of coins is written as what it costs, to the nearest unit", () => {
  const price = priceLike({ priceCoins: "1000", priceMinor: "1159", priceExample: "€0.00" });
  assert.deepEqual([1, 25, 1_000, 12_345].map(price), ["€0.01", "€0.29", "€11.59", "€143.08"]);
  const yen = priceLike({ priceCoins: "1000", priceMinor: "1720", priceExample: "¥0" });
  assert.deepEqual([1, 25].map(yen), ["¥2", "¥43"]);
  assert.equal(priceLike({})(25), "");
});
