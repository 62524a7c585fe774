// Clockwork Fox: runs round the video's frame, also up the walls and along the ceiling, on a rail
// of brass that it lays.
// In every corner it sets a wheel going; its prints glow and fade; at the end it sits down and
// winks.

import { frame } from "./frame.js";

const ART = "gifts/art/clockwork-fox.svg";
const RUN = 0.66; // the share of the time that it runs
const SHAPE = 170 / 240;

/** Places along the inside of the frame: from before the left edge, once round against the clock,
 * back below to the middle. */
function lap(width, height, foot, corner, start, end) {
  const [left, top, right, bottom] = [foot, foot, width - foot, height - foot];
  const places = [];
  const line = (x0, y0, x1, y1, angle, count) => {
    for (let step = 0; step <= count; step += 1)
      places.push({
        x: x0 + ((x1 - x0) * step) / count,
        y: y0 + ((y1 - y0) * step) / count,
        angle,
      });
  };
  const bend = (x, y, from) => {
    for (let step = 1; step < 6; step += 1) {
      const angle = from - 15 * step;
      const turn = ((angle + 90) * Math.PI) / 180;
      places.push({ x: x + corner * Math.cos(turn), y: y + corner * Math.sin(turn), angle });
    }
  };
  line(start, bottom, right - corner, bottom, 0, 8);
  bend(right - corner, bottom - corner, 0);
  line(right, bottom - corner, right, top + corner, -90, 6);
  bend(right - corner, top + corner, -90);
  line(right - corner, top, left + corner, top, -180, 8);
  bend(left + corner, top + corner, -180);
  line(left, top + corner, left, bottom - corner, -270, 6);
  bend(left + corner, bottom - corner, -270);
  line(left + corner, bottom, end, bottom, -360, 4);
  let total = 0;
  places.forEach((place, at) => {
    if (at) total += Math.hypot(place.x - places[at - 1].x, place.y - places[at - 1].y);
    place.far = total;
  });
  return { places, total };
}

/** Where on the way a share of its length lies. */
function along({ places, total }, share) {
  const far = share * total;
  const next = Math.max(
    1,
    places.findIndex((place) => place.far >= far),
  );
  const [a, b] = [places[next - 1], places[next]];
  const part = b.far === a.far ? 0 : (far - a.far) / (b.far - a.far);
  return {
    x: a.x + (b.x - a.x) * part,
    y: a.y + (b.y - a.y) * part,
    angle: a.angle + (b.angle - a.angle) * part,
  };
}

function wheels(box, kit, size, run) {
  // Each corner's wheel begins to turn when the fox has passed it.
  /** @type {[string, string, number][]} */
  const corners = [
    ["right", "bottom", 0.2],
    ["right", "top", 0.4],
    ["left", "top", 0.64],
    ["left", "bottom", 0.86],
  ];
  return corners.map(([side, edge, share], at) => {
    const wheel = kit.img("gifts/scenery/clockwork-fox-wheel.svg", "fox__wheel", box);
    wheel.style.width = wheel.style.height = `${size}px`;
    wheel.style[side] = wheel.style[edge] = `${-size * 0.42}px`;
    if (kit.still) return wheel;
    kit.animate(wheel, [{ scale: 0 }, { scale: 1.1, offset: 0.7 }, { scale: 1 }], {
      duration: 420,
      delay: 60 * at,
      easing: "ease-out",
    });
    kit.animate(wheel, [{ rotate: "0deg" }, { rotate: `${at % 2 ? 300 : -300}deg` }], {
      duration: kit.length - run * share,
      delay: run * share,
      easing: "cubic-bezier(0.2, 0.6, 0.3, 1)",
    });
    return wheel;
  });
}

function rails(box, kit, run) {
  /** @type {[string, string, string, number, number][]} */
  const sides = [
    ["bottom", "left", "1 0", 0.02, 0.22],
    ["right", "bottom", "0 1", 0.22, 0.4],
    ["top", "right", "1 0", 0.4, 0.66],
    ["left", "top", "0 1", 0.66, 0.84],
  ];
  for (const [side, from, axis, begin, end] of sides) {
    const rail = kit.el(`fox__rail is-${side} from-${from}`, box);
    if (kit.still) continue;
    const flat = axis === "1 0";
    kit.animate(rail, [{ scale: flat ? "0 1" : "1 0" }, { scale: "1 1" }], {
      duration: run * (end - begin),
      delay: run * begin,
      easing: "linear",
    });
  }
}

function prints(box, kit, way, foot, size, run) {
  const count = kit.lean ? 12 : 22;
  for (let turn = 1; turn < count; turn += 1) {
    const share = turn / count;
    const { x, y, angle } = along(way, share * 0.97);
    const side = foot - size * (turn % 2 ? 0.62 : 1.2);
    const down = ((angle + 90) * Math.PI) / 180;
    const paw = kit.img("gifts/scenery/clockwork-fox-paw.svg", "fox__paw", box);
    paw.style.width = `${size}px`;
    paw.style.translate = `${x + Math.cos(down) * side - size / 2}px ${y + Math.sin(down) * side - size / 2}px`;
    paw.style.rotate = `${angle + 90}deg`;
    if (!kit.still)
      kit.animate(
        paw,
        [
          { opacity: 0, scale: 0.5 },
          { opacity: 1, scale: 1.15, offset: 0.12 },
          { opacity: 0.95, scale: 1, offset: 0.6 },
          { opacity: 0, scale: 1 },
        ],
        { duration: run * 0.62, delay: run * share + 60 },
      );
  }
}

async function sit(box, kit, size, W, H) {
  const seat = kit.el("fox__seat", box);
  seat.style.width = seat.style.height = `${size}px`;
  seat.style.left = `${(W - size) / 2}px`;
  seat.style.top = `${H - size * 0.99}px`;
  const glow = kit.el("fox__glow", seat);
  const svg = await kit.svg(ART, seat);
  if (kit.still) return;
  const [begin, rest] = [kit.length * RUN, kit.length * (1 - RUN)];
  kit.animate(
    seat,
    [
      { scale: "0.5 0.3", opacity: 0 },
      { scale: "0.94 1.14", opacity: 1, offset: 0.45 },
      { scale: "1.06 0.93", opacity: 1, offset: 0.72 },
      { scale: "1 1", opacity: 1 },
    ],
    { duration: 460, delay: begin - 60, easing: "ease-out" },
  );
  kit.animate(
    glow,
    [
      { opacity: 0, scale: 0.6 },
      { opacity: 1, scale: 1 },
    ],
    { duration: 700, delay: begin + 100, easing: "ease-out" },
  );
  const swing = (part, from, to, time) =>
    kit.animate(kit.part(svg, part), [from, to], {
      duration: time,
      delay: begin,
      iterations: Math.ceil(rest / time),
      direction: "alternate",
      easing: "ease-in-out",
    });
  swing("tail", { rotate: "-5deg" }, { rotate: "7deg" }, 300);
  swing("head", { rotate: "-5deg" }, { rotate: "5deg" }, 430);
  swing("key", { scale: "1 1" }, { scale: "-1 1" }, 380);
  kit.animate(kit.part(svg, "gear"), [{ rotate: "0deg" }, { rotate: "200deg" }], {
    duration: rest,
    delay: begin,
    easing: "ease-out",
  });
}

async function play(box, gift, kit) {
  box.classList.add("fox");
  const { length } = kit;
  const { element, width: W, height: H } = frame(kit, box);
  const wide = Math.max(104, Math.min(W * 0.34, H * 0.4, 340));
  const foot = wide * SHAPE * 0.5 - 2;
  const run = length * RUN;
  const way = lap(W, H, foot, Math.max(foot * 1.25, wide * 0.42), -wide, W / 2);
  rails(element, kit, run);
  wheels(element, kit, wide * 0.56, run);
  prints(element, kit, way, foot, wide * 0.11, run);
  await sit(element, kit, Math.min(W * 0.4, H * 0.5, 360), W, H);
  if (kit.still) return;
  const runner = kit.el("fox__runner", element);
  runner.style.width = `${wide}px`;
  runner.style.height = `${wide * SHAPE}px`;
  const frames = [];
  const count = 90;
  for (let step = 0; step <= count; step += 1) {
    const { x, y, angle } = along(way, step / count);
    frames.push({
      translate: `${x - wide / 2}px ${y - (wide * SHAPE) / 2}px`,
      rotate: `${angle}deg`,
    });
  }
  kit.animate(runner, frames, { duration: run, easing: "cubic-bezier(0.3, 0.25, 0.75, 0.85)" });
  kit.animate(runner, [{ opacity: 1 }, { opacity: 0 }], { duration: 120, delay: run - 60 });
  await kit.lottie("gifts/lottie/clockwork-fox.json", runner, { loop: true });
}

export default { best: 4_300, play };
