// What a press of the console says when it was refused: the server's own sentence, or that it could
// not be reached.
import { find, fragment, post, toast } from "../js/page.js";

/** Show a refusal in a toast. `answer` is the server's, or nothing when none came. */
export async function showRefusal(answer) {
  const shown = fragment((await answer?.text()) ?? "");
  const toasts = find("#toasts");
  const notice = shown.firstElementChild;
  if (answer?.status === 401 && notice) return toasts.append(notice); // with the way to sign in
  const { offline, broken } = toasts.dataset;
  const text =
    shown.querySelector("[data-toast-text]")?.textContent ?? (answer ? broken : offline) ?? "";
  toast(text, "error");
}

/** Post for a button, once at a time; return whether it was taken, after saying so if not. */
export async function postFor(button, address, body) {
  if (button.getAttribute("aria-busy") === "true") return false;
  button.setAttribute("aria-busy", "true");
  const answer = await post(address, body).catch(() => undefined);
  button.removeAttribute("aria-busy");
  if (!answer?.ok) await showRefusal(answer);
  return Boolean(answer?.ok);
}
