// A button that shows a scene over the full screen, its gifts with it, and takes it back.

/**
 * @param {HTMLElement} button
 * @param {Element} scene
 */
export function fullScreen(button, scene) {
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () =>
    (document.fullscreenElement ? document.exitFullscreen() : scene.requestFullscreen()).catch(
      () => undefined,
    ),
  );
}
