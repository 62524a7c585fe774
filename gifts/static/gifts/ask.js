// The question before a large gift. From the site's threshold on the button is held for a second; by keyboard it is pressed.

const HOLD_MS = 1_000;

/** Ask and return whether to send. */
export function ask(dialog, { text, art, hold }) {
  const yes = dialog.querySelector("[data-ask-yes]");
  const fill = dialog.querySelector("[data-ask-fill]");
  dialog.querySelector("[data-ask-text]").textContent = text;
  dialog.querySelector("[data-ask-art]").src = art;
  dialog.querySelector("[data-ask-hold]").hidden = !hold;
  const stop = new AbortController();
  const { signal } = stop;
  let filling;

  return new Promise((done) => {
    const answer = (value) => {
      stop.abort();
      filling?.cancel();
      if (dialog.open) dialog.close();
      done(value);
    };
    dialog.addEventListener("close", () => answer(false), { signal });
    // A press by keyboard has no pointer behind it (detail 0): the question itself was the second step.
    yes.addEventListener("click", (event) => (!hold || event.detail === 0) && answer(true), { signal });
    if (hold) {
      yes.addEventListener("pointerdown", () => {
        filling = fill.animate([{ scale: "0 1" }, { scale: "1 1" }], { duration: HOLD_MS, fill: "forwards" });
        filling.onfinish = () => answer(true);
      }, { signal });
      for (const end of ["pointerup", "pointerleave", "pointercancel"]) {
        yes.addEventListener(end, () => filling?.playState === "running" && filling.cancel(), { signal });
      }
      yes.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    }
    dialog.showModal();
    yes.focus();
  });
}
