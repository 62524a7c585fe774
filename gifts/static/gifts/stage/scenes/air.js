// What moves in the air of a full-screen scene: things that rise, hang, drift and fall. Times are
// in ms of the scene's own length; a scene that is played faster keeps its rhythm.

/** `move(element, keyframes, {at, ms, …})`: an animation that begins `at` ms after the scene did. */
export const mover = (kit) => {
  const move = (element, keyframes, { at = 0, ms, ...timing }) =>
    kit.animate(element, keyframes, { delay: at * kit.pace, duration: ms * kit.pace, ...timing });
  return Object.assign(move, { later: (at, then) => kit.after(at * kit.pace, then) });
};

/** Put an element where the composition wants it: its middle at (x, y), `width` by `height` px. */
export function put(element, x, y, width, height) {
  const { style } = element;
  style.left = `${x - width / 2}px`;
  style.top = `${y - height / 2}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
  return element;
}

/** It comes in over `come` ms, stays, and has gone at `until`. In between nothing is animated: a
 * large picture that might  change at any moment is drawn apart in every frame. */
export function appear(move, element, { at = 0, come = 900, leave = 900, until }) {
  move(element, [{ opacity: 0 }, { opacity: 1 }], { at, ms: come, easing: "ease-out" });
  move.later(until - leave, () =>
    move(element, [{ opacity: 1 }, { opacity: 0 }], { ms: leave, easing: "ease-in" }),
  );
}

/** Up and down by `reach` px, for ever: it hangs in the air. */
export function hang(move, element, reach, every, at = 0) {
  move(element, [{ translate: `0 ${reach}px` }, { translate: `0 ${-reach}px` }], {
    at: at - every,
    ms: every,
    iterations: Infinity,
    direction: "alternate",
    easing: "ease-in-out",
  });
}

/** From one place to another at an even pace: clouds, mist. */
export function drift(move, element, from, to, ms) {
  move(element, [{ translate: from }, { translate: to }], { ms, easing: "linear" });
}

/** Petals, leaves, paper: `count` of them fall and turn, each on a way of its own. */
export function fall(
  kit,
  box,
  { count, className, kinds, from = 0, until, size, width = kit.width, height = kit.height },
) {
  const move = mover(kit);
  for (let number = 0; number < count; number += 1) {
    const one = kit.el(`${className} is-${kinds[number % kinds.length]}`, box);
    const big = size * (0.6 + kit.random() * 0.8);
    const x = ((number + kit.random()) / count) * width;
    const side = (kit.random() - 0.5) * width * 0.25;
    put(one, x, -big * 2, big, big);
    const at = from + ((number * 0.618) % 1) * Math.max(0, until - from - 3_400);
    const ms = 3_000 + kit.random() * 1_600;
    const turn = (kit.random() - 0.5) * 900;
    move(
      one,
      [
        { translate: "0 0", rotate: "0deg", scale: "1 1", opacity: 0 },
        {
          translate: `${side * 0.7}px ${height * 0.3}px`,
          rotate: `${turn * 0.3}deg`,
          scale: "0.3 1",
          opacity: 1,
          offset: 0.3,
          easing: "ease-in-out",
        },
        {
          translate: `${side * 0.2}px ${height * 0.62}px`,
          rotate: `${turn * 0.62}deg`,
          scale: "1 0.7",
          opacity: 1,
          offset: 0.62,
          easing: "ease-in-out",
        },
        {
          translate: `${side}px ${height * 1.08}px`,
          rotate: `${turn}deg`,
          scale: "0.4 1",
          opacity: 0.4,
        },
      ],
      { at, ms },
    );
  }
}

/** Sparks of light that rise from around (x, y) and go out. */
export function sparks(kit, box, { count, at, ms = 2_600, x, y, spread, rise, size }) {
  const move = mover(kit);
  for (let number = 0; number < count; number += 1) {
    const big = size * (0.5 + kit.random());
    const one = put(
      kit.el("air__spark", box),
      x + (kit.random() - 0.5) * spread * 2,
      y + (kit.random() - 0.5) * spread,
      big,
      big,
    );
    const way = (kit.random() - 0.5) * spread * 0.5;
    move(
      one,
      [
        { translate: "0 0", scale: 0.2, opacity: 0 },
        { translate: `${way * 0.4}px ${-rise * 0.3}px`, scale: 1, opacity: 1, offset: 0.3 },
        { translate: `${way}px ${-rise * (0.7 + kit.random() * 0.5)}px`, scale: 0.3, opacity: 0 },
      ],
      { at: at + kit.random() * 900, ms: ms * (0.7 + kit.random() * 0.5), easing: "ease-out" },
    );
  }
}
