// The words are the page's, the order and the clock are the reader's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { datesFor } from "../../static/js/dates.js";

const AT = new Date("2026-11-29T15:49:00Z");
const SHAPE = {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "numeric",
  minute: "2-digit",
};

function written(page, reader) {
  const { locale, hourCycle } = datesFor(page, reader);
  const format = new Intl.DateTimeFormat(locale, { ...SHAPE, hourCycle, timeZone: "UTC" });
  return format.format(AT).replaceAll("\u202f", " ");
}

for (const [reader, text] of [
  ["de-DE", "29 Nov 2026, 15:49"],
  ["de", "29 Nov 2026, 15:49"],
  ["fr-FR", "29 Nov 2026, 15:49"],
  ["ja-JP", "29 Nov 2026, 15:49"],
  ["en-GB", "29 Nov 2026, 15:49"],
  ["pt-BR", "29 Nov 2026, 15:49"],
  ["en-US", "Nov 29, 2026, 3:49 PM"],
  ["hi-IN", "29 Nov 2026, 3:49 pm"],
])
  test(`a reader of ${reader} reads ${text}`, () => assert.equal(written("en", reader), text));

test("a page in German is German everywhere", () =>
  assert.equal(written("de", "de-AT"), "29. Nov. 2026, 15:49"));
