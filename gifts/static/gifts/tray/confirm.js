// The question before a gift that is large, or large for this person: what it costs, what arrives,
// and from when on to ask.
// A gift that asks twice asks once more in the same place, a moment later, so that no double press
// answers both.
import { figure, post } from "../../js/page.js";

const AGAIN_MS = 700;

/** Ask each of `questions` in turn; return whether all were answered with yes. */
export function askToConfirm(dialog, { questions, art }) {
  const yes = dialog.querySelector("[data-ask-yes]");
  const text = dialog.querySelector("[data-ask-text]");
  dialog.querySelector("[data-ask-art]").src = art;
  const stop = new AbortController();
  const { signal } = stop;
  let turn = 0;
  let from = 0;

  function show() {
    text.textContent = questions[turn];
    from = turn ? performance.now() + AGAIN_MS : 0;
    yes.classList.toggle("is-waiting", Boolean(turn));
    setTimeout(() => yes.classList.remove("is-waiting"), AGAIN_MS);
    dialog.classList.toggle("is-second", Boolean(turn));
  }

  return new Promise((done) => {
    const answer = (value) => {
      stop.abort();
      if (dialog.open) dialog.close();
      done(value);
    };
    dialog.addEventListener("close", () => answer(false), { signal });
    // A key that is held repeats its press: it must not answer what it has just opened.
    dialog.addEventListener(
      "keydown",
      (event) => event.repeat && event.target === yes && event.preventDefault(),
      { signal },
    );
    yes.addEventListener(
      "click",
      () => {
        if (performance.now() < from) return;
        turn += 1;
        if (turn < questions.length) show();
        else answer(true);
      },
      { signal },
    );
    show();
    dialog.showModal();
    yes.focus();
  });
}

/** The person's own "ask me from": kept by the server before it counts. `changed(coins)` gets
 * what holds from then on. */
export function ownThreshold(dialog, { changed }) {
  const field = dialog.querySelector("[data-ask-from]");
  const status = dialog.querySelector("[data-ask-status]");
  const { save, saved, always, lost } = field.dataset;
  const site = Number(field.max);
  let kept = field.value;

  async function keep() {
    const typed = field.value.trim();
    if (typed === kept && !field.validity.badInput) return;
    const answer = await saveSetting(save, {
      confirm_from_coins: field.validity.badInput ? "?" : typed,
    });
    field.removeAttribute("aria-invalid");
    if (answer?.status !== 204) {
      field.setAttribute("aria-invalid", "true");
      status.textContent = answer?.status === 422 ? answer.text : lost;
      return;
    }
    const coins = typed ? Math.min(Number(typed), site) : site;
    field.value = kept = String(coins);
    status.textContent = (coins < site ? saved : always).replace("{coins}", figure(coins));
    changed(coins);
  }

  field.addEventListener("change", keep);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // in this form Enter would say "not now"
    keep();
  });
  dialog.addEventListener("close", () => {
    status.textContent = "";
    field.value = kept;
    field.removeAttribute("aria-invalid");
  });
}

/** Post a change of the person's settings; return its status and text, nothing without an
 * answer. */
export async function saveSetting(address, fields) {
  try {
    const response = await post(address, new URLSearchParams(fields), { patience: 10_000 });
    return {
      status: response.status,
      text:
        response.status === 422
          ? new DOMParser().parseFromString(await response.text(), "text/html").body.textContent
          : "",
    };
  } catch {
    return undefined;
  }
}
