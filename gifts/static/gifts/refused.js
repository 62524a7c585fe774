// What a press of the console says that was not taken: the server's own sentence, or that it could
// not be reached.

/** Say it in a toast. `answer` is the server's, or nothing when none came. */
export async function refused(answer) {
  const shown = document.createElement("template");
  shown.innerHTML = (await answer?.text()) ?? "";
  const toasts = document.querySelector("#toasts");
  if (answer?.status === 401) return toasts.append(shown.content.firstElementChild); // with the way to sign in
  const { offline, broken } = toasts.dataset;
  const text =
    shown.content.querySelector("[data-toast-text]")?.textContent ?? (answer ? broken : offline);
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "error" } }));
  return undefined;
}
