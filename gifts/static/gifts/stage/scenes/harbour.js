// The harbour at night that the full-screen scenes play in: a sky with stars, the sea in three
// planes that drift.

// width, height, and after what it repeats
const SEA = { far: [2400, 200, 100], mid: [2400, 240, 150], near: [2400, 420, 200] };

export function sky(kit, box, className) {
  const ground = kit.el(`harbour__sky ${className}`, box);
  kit.img("gifts/scenery/harbour-stars.svg", "harbour__stars", ground);
  return ground;
}

/**
 * One plane of water (`light`: evening sea or night) whose edge lies at `top`. It reaches down to `bottom`, which the next plane covers:
 * what is out of sight is not drawn. With a `drift` it moves by so many repeats in the scene; without one it is painted once.
 */
export function water(
  kit,
  box,
  name,
  { light = "sea", top, bottom = kit.height, scale, drift = 0, bob = 0 },
) {
  const [long, high, every] = SEA[name];
  const size = Math.max(
    scale,
    (bottom - top + 40) / high,
    (kit.width + 2 * Math.abs(drift) * every * scale) / long,
  );
  const plane = kit.img(`gifts/scenery/harbour-${light}-${name}.svg`, "harbour__sea", box);
  plane.style.width = `${long * size}px`;
  plane.style.height = `${Math.min(high * size, bottom - top + 24 * size + Math.abs(bob))}px`;
  const away = Math.abs(drift) * every * size;
  plane.style.left = `${drift > 0 ? -away : 0}px`;
  plane.style.top = `${top - 24 * size}px`;
  if (kit.still || !drift) return plane;
  plane.classList.add("is-moving");
  const end = drift > 0 ? away : -away;
  kit.animate(
    plane,
    [
      { translate: "0 0" },
      { translate: `${end * 0.5}px ${bob}px`, offset: 0.5 },
      { translate: `${end}px 0` },
    ],
    { duration: kit.length },
  );
  return plane;
}

/** Until pictures are there, or at most a second: so that a plane does not come in late. */
export function loaded(...images) {
  const late = new Promise((done) => setTimeout(done, 1_000));
  return Promise.race([
    late,
    Promise.all(images.map((image) => image.decode().catch(() => undefined))),
  ]);
}
