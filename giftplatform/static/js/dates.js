// Dates and clocks as the reader writes them, in the words of the page: to a German who reads
// English it is 29 Nov 2026, 15:49.
import { language } from "./page.js";

// Regions whose English dates are American ones. The rest of the world reads its day first, also
// where no locale data says how English is written.
const AMERICAN = new Set(["US", "CA", "PH", "PR", "GU", "AS", "VI", "MP", "UM"]);

const SOME_DAY = new Date(0);
const spell = (/** @type {string} */ locale) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(SOME_DAY);

/**
 * The locale that writes dates in a page's language and a reader's order, and the reader's clock.
 * @param {string} page the page's language
 * @param {string} reader the reader's, as the browser says it: "de-AT"
 */
export function datesFor(page, reader) {
  const { region = "" } = new Intl.Locale(reader).maximize();
  const { hourCycle } = new Intl.DateTimeFormat(reader, { hour: "numeric" }).resolvedOptions();
  const wanted = region ? `${page.split("-")[0]}-${region}` : page;
  const worldwide = page.startsWith("en") && !AMERICAN.has(region) && spell(wanted) === spell("en");
  return { locale: worldwide ? "en-001" : wanted, hourCycle };
}

const own = datesFor(language ?? "en", navigator.language || "en");

/** How this reader writes such a date. */
export const writer = (/** @type {Intl.DateTimeFormatOptions} */ shape) =>
  new Intl.DateTimeFormat(
    own.locale,
    shape.hour || shape.timeStyle ? { ...shape, hourCycle: own.hourCycle } : shape,
  );
