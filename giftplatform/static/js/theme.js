// `data-theme-choice` buttons: night, morning or as the system says. A cookie, so that the server
// paints the first frame right.

const buttons = document.querySelectorAll("[data-theme-choice]");

function show(choice) {
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
  for (const button of buttons)
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
}

for (const button of buttons)
  button.addEventListener("click", () => {
    const choice = button.dataset.themeChoice;
    const age = choice ? 31_536_000 : 0;
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser
    document.cookie = `theme=${choice}; path=/; max-age=${age}; samesite=lax`;
    show(choice);
    document.dispatchEvent(new CustomEvent("theme:change", { detail: { choice } }));
  });
show(document.documentElement.dataset.theme ?? "");
