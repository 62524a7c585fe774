// The coins page: typing an amount chooses it; a country chosen shows its prices.
import { find, origin } from "../js/page.js";

function choose(event) {
  const field = /** @type {HTMLInputElement} */ (origin(event));
  const chooses = field.dataset?.chooses;
  if (!chooses || (event.type === "focusin" && !field.value)) return;
  /** @type {HTMLInputElement} */ (find(`#${chooses}`)).checked = true;
}
document.addEventListener("input", choose);
document.addEventListener("focusin", choose);

// What is chosen is seen whole, on the phone above the pay button, also when the address chose it.
function show(radio) {
  radio?.closest(".price-card")?.scrollIntoView({ block: "nearest" });
}
document.addEventListener("change", (event) => {
  if (origin(event).matches("[name=pack]")) show(origin(event));
});
show(document.querySelector("[name=pack]:checked"));

document.getElementById("custom")?.addEventListener("change", () => find("#custom-coins").focus());

/** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("[data-autosubmit]")).forEach(
  (form) => {
    find("[data-autosubmit-button]", form).hidden = true;
    form.addEventListener("change", () => form.requestSubmit());
  },
);
