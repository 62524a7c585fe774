/** Shows a chosen picture where it will stand, before it is uploaded. */

const MOST = 5_000_000;

for (const form of document.querySelectorAll("form[data-picture]")) {
  const part = /** @type {HTMLFormElement} */ (form).dataset.picture;
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  const frame = document.querySelector(`[data-frame="${part}"]`);
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    // What is too large is not read here either; the server says so in words.
    if (!frame || !file || file.size > MOST) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const shown = new Image();
      shown.alt = "";
      shown.addEventListener("load", () => {
        frame.replaceChildren(shown);
        frame.classList.add("is-new");
      });
      shown.src = String(reader.result);
    });
    reader.readAsDataURL(file);
  });
}
