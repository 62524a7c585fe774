// Which of several open overlays this one is. OBS shows all its sources from one browser profile,
// so two with the same address share one storage; each needs a place of its own in it, and after a
// reload the same place again.
import { hold } from "../live/locks.js";

const MOST = 16;
const PATIENCE_MS = 3_000; // a page that is just being replaced still holds its place for a moment

/** Answer the name under which this page keeps what it knows. */
export async function slot(base) {
  /** @type {string | null} */
  let mine = null;
  try {
    mine = sessionStorage.getItem(base);
  } catch {
    return null; // no storage at all: the server alone knows how far it is
  }
  // Without HTTPS there are no locks; then the tab alone tells pages apart.
  if (!navigator.locks) {
    mine ??= `${base}:${localStorage.getItem(base) ? Math.random().toString(36).slice(2) : "0"}`;
    sessionStorage.setItem(base, mine);
    return mine;
  }
  if (mine && (await hold(mine, { signal: AbortSignal.timeout(PATIENCE_MS) }))) return mine;
  for (let number = 0; number < MOST; number += 1) {
    const name = `${base}:${number}`;
    if (name !== mine && (await hold(name, { ifAvailable: true }))) {
      sessionStorage.setItem(base, name);
      return name;
    }
  }
  return null;
}
