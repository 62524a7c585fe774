// Which gifts the console's list shows. A filter hides lines and never drops them: all of them are
// there again at once.
// The choice is kept on the device, over reloads too.
const KEPT = "console-filter";

const SHOWS = {
  all: () => true,
  words: (line) => !line.querySelector("[data-message]").hidden,
  large: (line) => Number(line.dataset.coins) >= 100,
  // What a guest got has no thanks here.
  unthanked: (line) => !line.classList.contains("is-thanked") && line.querySelector(".line__thank"),
};

function dress(group) {
  const list = group.closest("[data-console]").querySelector("[data-lines]");
  const buttons = [...group.querySelectorAll("[data-show]")];
  const known = (name) => buttons.some((button) => button.dataset.show === name);
  let chosen = localStorage.getItem(KEPT) ?? "all";
  if (!known(chosen)) chosen = "all";

  let due = 0;
  function sift() {
    due = 0;
    // A line that was just thanked stays until the next choice: nothing may leave under a finger.
    const held = list.querySelector("[data-line]:is(:hover, :focus-within)");
    for (const line of list.children) {
      const shown = line === held || SHOWS[chosen](line);
      if (line.hidden === shown) line.hidden = !shown;
    }
  }
  function choose(name) {
    chosen = name;
    localStorage.setItem(KEPT, name);
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(button.dataset.show === name));
    sift();
  }

  group.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-show]")?.dataset.show;
    if (name) choose(name);
  });
  // In a rush of gifts once a frame.
  const soon = () => (due ||= requestAnimationFrame(sift));
  new MutationObserver(soon).observe(list, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-coins", "hidden"],
  });
  group.hidden = false;
  choose(chosen);
}

document.querySelectorAll("[data-filter]").forEach(dress);
