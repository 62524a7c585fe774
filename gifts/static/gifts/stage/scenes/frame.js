// The part of the video that a large scene plays round. On a phone the host's name lies over the
// upper part and the chat over the lower half, so the scene keeps between them; everywhere else it
// has the whole picture.

const PHONE = 600;

/** Make the frame in `box`; answers its element and its size. */
export function frame(kit, box) {
  const phone = kit.width < PHONE && kit.height > kit.width * 1.1;
  const element = kit.el("large__frame", box);
  const [top, bottom] = phone ? [0.12, 0.45] : [0, 0];
  element.style.top = `${top * 100}%`;
  element.style.bottom = `${bottom * 100}%`;
  return { element, phone, width: kit.width, height: kit.height * (1 - top - bottom) };
}
