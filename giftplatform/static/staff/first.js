// Before the first paint of a staff page: the theme and the menu as the person left them. The
// theme's own scripts, which come after the paint, take both over when they begin.
(() => {
  const root = document.documentElement;
  const kept = (/** @type {string} */ name) => {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "null");
    } catch {
      return null; // no storage, or not ours
    }
  };
  const chosen = kept("adminTheme") ?? "auto";
  const dark =
    chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  const before = root.className;
  if (dark) root.classList.add("dark");
  root.toggleAttribute("data-folded", kept("sidebarDesktopOpen") === 0);
  document.addEventListener("alpine:init", () => {
    root.className = before;
    root.toggleAttribute("data-alpine", true);
  });
})();
