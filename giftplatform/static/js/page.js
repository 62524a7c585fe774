// What every script may ask of its page: the language of its figures, the token a post needs,
// whether less motion is wanted. It holds no state: a page may load it under two names.

export const language = document.documentElement.lang || undefined;
export const still = matchMedia("(prefers-reduced-motion: reduce)");

const number = new Intl.NumberFormat(language);

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

/** A whole number as this page's readers write it. */
export const figure = (/** @type {number} */ count) => number.format(count);

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
