// What this browser keeps for the site, by name. One that keeps nothing forgets it, and goes on.

/** What was kept under a name; nothing where there is none, or none that can be read. */
export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

export function store(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // nothing is kept here
  }
}
