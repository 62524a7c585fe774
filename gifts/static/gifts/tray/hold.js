// Press and hold, for the big gifts: a ring closes around the button while it is held, by finger,
// mouse, Enter or Space.
// Letting go early sends nothing. Where holding is not possible, or less motion is wanted, a
// question takes its place: `ask`.
import { still } from "../../js/page.js";

const HOLD_MS = 1_000;
const JUST_NOW_MS = 400;

/** `held()` when it was held long enough, `early()` when it was let go before, `ask()` when it was
 * pressed without holding. */
export function hold(button, { held, early, ask }) {
  const ring = button.querySelector("[data-hold-ring]");
  const fill = button.querySelector("[data-hold-fill]");
  let holding;
  let pointerAt = -Infinity; // when a pointer was last down here

  function begin(by, release) {
    stop();
    const running = ring.animate([{ strokeDashoffset: 1 }, { strokeDashoffset: 0 }], {
      duration: HOLD_MS,
      fill: "forwards",
    });
    const filling = fill.animate([{ scale: "0 1" }, { scale: "1 1" }], {
      duration: HOLD_MS,
      fill: "forwards",
    });
    holding = { running, filling, release };
    button.classList.add("is-held");
    running.onfinish = () => {
      if (by === "pointer") pointerAt = performance.now();
      const { release: letGo } = holding;
      stop();
      letGo(held);
    };
  }

  /** Return whether it was being held. */
  function stop() {
    if (!holding) return false;
    holding.running.onfinish = null;
    holding.running.cancel();
    holding.filling.cancel();
    holding = undefined;
    button.classList.remove("is-held");
    return true;
  }

  button.addEventListener("pointerdown", (event) => {
    pointerAt = performance.now();
    if (event.button || still.matches) return;
    button.setPointerCapture(event.pointerId);
    begin("pointer", (then) => then());
  });
  button.addEventListener("pointerup", () => {
    pointerAt = performance.now();
    if (stop()) early();
  });
  button.addEventListener("pointercancel", stop);
  button.addEventListener("contextmenu", (event) => event.preventDefault());

  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (still.matches && !event.repeat) return; // a plain press: `click` asks
    event.preventDefault();
    if (event.repeat || holding) return;
    // What comes next may take the focus: only once the key is up again, or its repeats would press
    // there.
    begin("key", (then) => addEventListener("keyup", then, { once: true }));
  });
  button.addEventListener("keyup", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (!still.matches) event.preventDefault();
    if (stop()) ask();
  });
  button.addEventListener("blur", stop);

  button.addEventListener("click", (event) => {
    event.preventDefault();
    // A pointer is answered where it is let go.
    if (still.matches || performance.now() - pointerAt > JUST_NOW_MS) ask();
  });
}
