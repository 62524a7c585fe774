// What a press of the console says that was not taken: the server's own sentence, or that it could
// not be reached.
import { find, toast } from "../js/page.js";

/** Say it in a toast. `answer` is the server's, or nothing when none came. */
export async function refused(answer) {
  const shown = document.createElement("template");
  shown.innerHTML = (await answer?.text()) ?? "";
  const { offline, broken } = find("#toasts").dataset;
  const text =
    shown.content.querySelector("[data-toast-text]")?.textContent ?? (answer ? broken : offline);
  toast(text ?? "", "error");
}
