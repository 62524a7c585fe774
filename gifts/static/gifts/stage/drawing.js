// Our own drawings as live elements: fetched once, cloned with ids of their own, so that their
// parts can move.

const sources = new Map(); // address -> promise of its text
let number = 0;

function source(address) {
  if (!sources.has(address)) {
    const text = fetch(address).then((answer) =>
      answer.ok ? answer.text() : Promise.reject(new Error(`${address}: ${answer.status}`)),
    );
    sources.set(address, text);
    text.catch(() => sources.delete(address));
  }
  return sources.get(address);
}

/** A clone of the drawing at this address. Ids get a prefix (`svg.dataset.ids`); `data-part` stays
 * as it is. */
export async function drawing(address) {
  const text = await source(address);
  number += 1;
  const prefix = `s${number}-`;
  const own = text
    .replace(/\bid="([^"]+)"/g, `id="${prefix}$1"`)
    .replace(/\bhref="#([^"]+)"/g, `href="#${prefix}$1"`)
    .replace(/url\(#([^)"']+)\)/g, `url(#${prefix}$1)`);
  const svg = document.importNode(
    new DOMParser().parseFromString(own, "image/svg+xml").documentElement,
    true,
  );
  svg.dataset.ids = prefix;
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  return svg;
}
