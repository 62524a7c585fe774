// What the tests of scripts need of a browser, and no more: loaded before each test file. Scripts
// import each other as the browser finds them, where every app's static folder is /static/.
import { setMaxListeners } from "node:events";
import { existsSync, globSync } from "node:fs";
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folders = globSync("*/static").map((folder) => `${resolve(folder)}/`);

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith(".") || !context.parentURL) return next(specifier, context);
    const path = fileURLToPath(new URL(specifier, context.parentURL));
    const inside = folders.find((folder) => path.startsWith(folder));
    if (!inside || existsSync(path)) return next(specifier, context);
    const other = folders.find((folder) => existsSync(path.replace(inside, folder)));
    const found = other ? path.replace(inside, other) : path;
    return next(pathToFileURL(found).href, context);
  },
});

class Storage {
  #kept = new Map();
  getItem = (name) => this.#kept.get(name) ?? null;
  setItem = (name, value) => this.#kept.set(name, String(value));
  removeItem = (name) => this.#kept.delete(name);
  clear = () => this.#kept.clear();
}

class Element extends EventTarget {
  dataset = {};
  children = [];
  textContent = "";
  #classes = new Set();
  classList = {
    add: (...names) => {
      for (const name of names) this.#classes.add(name);
    },
    remove: (...names) => {
      for (const name of names) this.#classes.delete(name);
    },
    contains: (name) => this.#classes.has(name),
    toggle: (name, on) => (on ? this.#classes.add(name) : this.#classes.delete(name)),
  };
  parts = {}; // what querySelector finds

  querySelector = (selector) => this.parts[selector] ?? null;
  setAttribute() {}
  append(...more) {
    this.children.push(...more);
  }
  appendChild(one) {
    this.children.push(one);
    return one;
  }
  remove() {}
  animate() {
    return { cancel() {}, finished: Promise.resolve() };
  }
}

/** An element; `parts` are what a look for a selector finds in it. */
export const element = (parts = {}, dataset = {}) =>
  Object.assign(new Element(), { parts, dataset });

const page = new EventTarget();
Object.assign(globalThis, {
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
  dispatchEvent: page.dispatchEvent.bind(page),
  document: Object.assign(new EventTarget(), {
    documentElement: { lang: "en", dataset: {} },
    hidden: false,
    querySelector: () => null,
    querySelectorAll: () => [],
    createElement: () => new Element(),
  }),
  location: { href: "https://gifts.test/room/", reload() {} },
  matchMedia: () => ({ matches: true, addEventListener() {} }),
  requestAnimationFrame: () => 0,
  sessionStorage: new Storage(),
  localStorage: new Storage(),
});
// Nothing that a test makes is ever taken off the page.
setMaxListeners(0, page, document);
// One clock: what a test does to Date happens to performance, too.
performance.now = () => Date.now();

/** Let everything happen that waits for nothing but its turn. */
export async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
