// What a press of the console says that was not taken: the server's own sentence, or that it could
// not be reached.

/** Say it in a toast. `answer` is the server's, or nothing when none came. */
export async function refused(answer) {
  const shown = document.createElement("template");
  shown.innerHTML = (await answer?.text()) ?? "";
  const { offline, broken } = document.querySelector("#toasts").dataset;
  const text =
    shown.content.querySelector("[data-toast-text]")?.textContent ?? (answer ? broken : offline);
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "error" } }));
}
