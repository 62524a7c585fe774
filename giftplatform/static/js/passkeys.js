// Around allauth's own passkey script: hide what this browser cannot do, say in words what did not
// work.
import { toast } from "./page.js";

const can = "PublicKeyCredential" in window;
document.querySelectorAll("[data-passkey]").forEach((part) => {
  part.hidden = !can;
});
document.querySelectorAll("[data-no-passkey]").forEach((part) => {
  part.hidden = can;
});

const words = document.querySelector("[data-passkey-words]")?.dataset ?? {};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  // Closing the browser's own window is a decision, not a failure: it gets the quieter sentence.
  const stopped = ["NotAllowedError", "AbortError"].includes(event.detail.exception?.name ?? "");
  const text = (stopped ? words.stopped : words.failed) ?? "";
  toast(text, stopped ? "info" : "error");
});
