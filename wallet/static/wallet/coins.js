// The coins page: typing an amount chooses it; a country chosen shows its prices.

document.addEventListener("input", (event) => {
  const chooses = event.target.dataset?.chooses;
  if (chooses) document.getElementById(chooses).checked = true;
});

document.addEventListener("focusin", (event) => {
  if (event.target.dataset?.chooses && event.target.value)
    document.getElementById(event.target.dataset.chooses).checked = true;
});

const customRadio = document.getElementById("custom");
customRadio?.addEventListener("change", () => document.getElementById("custom-coins").focus());

document.querySelectorAll("[data-autosubmit]").forEach((form) => {
  form.querySelector("[data-autosubmit-button]").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
});
