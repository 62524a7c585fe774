// What every script may ask of its page: the language of its figures, the token a post needs,
// whether less motion is wanted. It holds no state: a page may load it under two names.

export const language = document.documentElement.lang || undefined;
export const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * An element that the template promises to have.
 * @param {string} selector
 * @param {ParentNode} [root]
 */
export function find(selector, root = document) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`There is no ${selector} on this page.`);
  return found;
}

/** The element at which an event happened. */
export const origin = (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.target);

/**
 * How the server writes figures for this reader, learned from its example: 12,345,678.9 or
 * 1,23,45,678.9. What a browser knows of a language may differ from what the server knows.
 * @param {string} example
 */
export function figuresLike(example) {
  const digits = example.match(/\d+/g) ?? [];
  const signs = example.match(/\D+/g) ?? [];
  const group = signs[0] ?? "";
  const point = signs.at(-1) ?? "";
  const later = digits.at(-3)?.length ?? 3;
  const ends = new RegExp(`\\B(?=(?:\\d{${later}})*$)`, "g");
  const grouped = (/** @type {string} */ whole) =>
    whole.length > 3 ? whole.slice(0, -3).replace(ends, group) + group + whole.slice(-3) : whole;
  return (/** @type {number | bigint | string} */ value) => {
    const [, sign, whole, rest] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
    return whole ? sign + grouped(whole) + (rest ? point + rest : "") : String(value);
  };
}

/**
 * How the server writes one currency for this reader, learned from its example: €8.90 or 8,90 €.
 * Amounts come in minor units, as whole numbers; a short one has no cents where they are zero.
 * @param {string} example
 */
export function moneyLike(example) {
  const [, before = "", cents = "", after = ""] = /^(\D*)\d(?:\D(\d+))?(\D*)$/.exec(example) ?? [];
  return (/** @type {number | bigint} */ minor, short = false) => {
    const digits = String(minor).padStart(cents.length + 1, "0");
    const whole = digits.slice(0, digits.length - cents.length);
    const rest = digits.slice(whole.length);
    const shown = Number(rest) || (rest && !short) ? `${whole}.${rest}` : whole;
    return before + figure(shown) + after;
  };
}

/**
 * What so many coins cost this reader, by the attributes of `coin_price`; nothing without them.
 * @param {DOMStringMap | Record<string, string | undefined>} from
 */
export function priceLike({ priceCoins, priceMinor, priceExample }) {
  if (!priceCoins || !priceExample) return () => "";
  const money = moneyLike(priceExample);
  return (/** @type {number} */ coins) =>
    money(Math.round((coins * Number(priceMinor)) / Number(priceCoins)));
}

/** A number as this page's reader writes it. */
export const figure = figuresLike(document.documentElement.dataset.figures ?? "12,345,678.9");

export const csrfToken = () =>
  /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="csrf-token"]'))
    ?.content ?? "";

/**
 * Post to an address that answers with a fragment. A redirect is not followed: whoever is signed
 * out gets no page of another address for an answer.
 * @param {string} address
 * @param {BodyInit} [body]
 * @param {{patience?: number}} [options] how many ms to wait before it counts as unanswered
 */
export const post = (address, body, { patience } = {}) =>
  fetch(address, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { "HX-Request": "true", "X-CSRFToken": csrfToken() },
    signal: patience ? AbortSignal.timeout(patience) : undefined,
  });

/** What a server's answer draws. */
export function fragment(/** @type {string} */ text) {
  const shape = document.createElement("template");
  shape.innerHTML = text;
  return shape.content;
}

/**
 * An element with a class and a text; text only, never markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {string} className
 * @param {string} [text]
 * @param {Tag} [tag]
 */
export const make = (className, text = "", tag = /** @type {Tag} */ ("div")) =>
  Object.assign(document.createElement(tag), { className, textContent: text });

/**
 * Show a sentence at the edge of the page. By event, not by import: under its hashed name base.js
 * would be loaded a second time.
 * @param {string} text
 * @param {"info" | "success" | "warning" | "error"} [kind]
 */
export const toast = (text, kind = "info") =>
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

/** Does something once all of the page is there, its pictures too. */
export function whenLoaded(/** @type {() => unknown} */ act) {
  if (document.readyState === "complete") act();
  else addEventListener("load", act, { once: true });
}
