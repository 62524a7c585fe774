// How a gift plays that has no scene of its own: one scene per kind, drawn with its picture, or with
// the motion staff gave it.

const sway = (kit, span) => (kit.random() - 0.5) * span;

/** The gift's own picture, or the film, Lottie or moving picture that staff uploaded for it. */
async function show(gift, kit, className, parent) {
  const path = gift.motion || "";
  if (path.endsWith(".json") && !kit.lean) {
    const frame = kit.el(className, parent);
    await kit.lottie(path, frame, { loop: true });
    return frame;
  }
  if (path.endsWith(".webm") && !kit.still) {
    const film = kit.el(className, parent, "video");
    Object.assign(film, { muted: true, loop: true, playsInline: true, src: kit.address(path) });
    film.play().catch(() => undefined);
    kit.signal.addEventListener("abort", () => film.pause());
    return film;
  }
  const moving = path && !path.endsWith(".json") && !path.endsWith(".webm") && !kit.still;
  return kit.img(moving ? path : gift.art, className, parent);
}

/** Small lights that rise from below, each once. */
function lights(kit, count) {
  if (kit.still) return;
  for (let turn = 0; turn < (kit.lean ? count / 3 : count); turn += 1) {
    const light = kit.el(turn % 2 ? "by-kind__light" : "by-kind__light is-far");
    light.style.setProperty("--size", `${3 + kit.random() * 7}px`);
    light.style.setProperty("--x", `${kit.random() * 100}%`);
    kit.animate(
      light,
      [
        { translate: "0 0", opacity: 0 },
        { opacity: 0.9, offset: 0.2 },
        { opacity: 0.7, offset: 0.7 },
        {
          translate: `${sway(kit, 120)}px ${-kit.height * (0.5 + kit.random() * 0.5)}px`,
          opacity: 0,
        },
      ],
      {
        duration: 2_600 + kit.random() * 2_400,
        delay: kit.random() * Math.max(0, kit.length - 2_600),
        easing: "ease-out",
      },
    );
  }
}

async function rise(gift, kit) {
  const art = await show(gift, kit, "by-kind__sticker");
  const way = kit.height * (0.5 + kit.random() * 0.2);
  const [aside, lean] = [sway(kit, 56), sway(kit, 36)];
  kit.animate(
    art,
    [
      { translate: "0 30%", scale: 0.3, opacity: 0 },
      {
        translate: `${aside * 0.3}px ${-way * 0.3}px`,
        scale: 1.12,
        opacity: 1,
        rotate: `${lean}deg`,
        offset: 0.25,
        easing: "ease-out",
      },
      {
        translate: `${-aside * 0.6}px ${-way * 0.7}px`,
        scale: 1,
        opacity: 1,
        rotate: `${-lean / 2}deg`,
        offset: 0.65,
      },
      { translate: `${aside}px ${-way}px`, scale: 0.86, opacity: 0, rotate: `${lean / 2}deg` },
    ],
    { duration: kit.length },
  );
}

const sticker = {
  best: 500,
  play: (box, gift, kit) => rise(gift, kit),
  combo: (box, gift, count, kit) => box.children.length < 3 && rise(gift, kit),
};

const small = {
  best: 1_000,
  async play(box, gift, kit) {
    const art = await show(gift, kit, "by-kind__small");
    const at = (share) => `${(-0.16 + 1.3 * share) * kit.width}px`;
    kit.animate(
      art,
      [0, 0.25, 0.5, 0.75, 1].map((share, turn) => ({
        translate: `${at(share)} ${turn % 2 ? -0.16 * kit.height : 0}px`,
        rotate: `${turn % 2 ? 4 : -4}deg`,
        easing: "ease-in-out",
      })),
      { duration: kit.length },
    );
  },
};

const medium = {
  best: 1_200,
  async play(box, gift, kit) {
    const art = await show(gift, kit, "by-kind__medium");
    kit.animate(
      art,
      [
        { scale: 0.2, rotate: "-18deg" },
        { scale: 1.18, rotate: "6deg", offset: 0.5 },
        { scale: 1, rotate: "0deg" },
      ],
      { duration: 520, easing: "ease-out" },
    );
    kit.animate(art, [{ translate: "0 0" }, { translate: "0 -5px" }, { translate: "0 0" }], {
      duration: 1_400,
      delay: 520,
      iterations: 4,
      easing: "ease-in-out",
      fill: "none",
    });
  },
};

const large = {
  best: 2_000,
  async play(box, gift, kit) {
    const glow = kit.el("by-kind__glow");
    const art = await show(gift, kit, "by-kind__runner");
    lights(kit, 18);
    const [inset, right, bottom] = [
      kit.width * 0.09,
      kit.width * 0.91,
      kit.height - kit.width * 0.09,
    ];
    art.style.setProperty(
      "offset-path",
      `path("M ${inset} ${bottom} L ${inset} ${inset} L ${right} ${inset} L ${right} ${bottom} L ${inset} ${bottom}")`,
    );
    kit.animate(art, [{ offsetDistance: "0%" }, { offsetDistance: "100%" }], {
      duration: kit.length,
      easing: "cubic-bezier(0.35, 0.1, 0.65, 0.9)",
    });
    kit.animate(art, [{ scale: "1 1" }, { scale: "1.06 0.94" }, { scale: "1 1" }], {
      duration: 480,
      iterations: Math.ceil(kit.length / 480),
    });
    kit.animate(glow, [{ opacity: 0.55 }, { opacity: 1 }, { opacity: 0.55 }], {
      duration: 1_600,
      iterations: Math.ceil(kit.length / 1_600),
      easing: "ease-in-out",
    });
  },
};

const full = {
  best: 2_500,
  async play(box, gift, kit) {
    const rays = kit.el("by-kind__rays");
    const art = await show(gift, kit, "by-kind__full");
    lights(kit, 46);
    kit.animate(rays, [{ rotate: "0deg" }, { rotate: `${kit.length / 80}deg` }], {
      duration: kit.length,
    });
    kit.animate(
      art,
      [
        { scale: 0.4, translate: "0 18vmin" },
        { scale: 1.06, translate: "0 0", offset: 0.7 },
        { scale: 1 },
      ],
      { duration: 900, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" },
    );
    kit.animate(
      art,
      [
        { translate: "0 0", rotate: "0deg" },
        { translate: "0 -1.6vmin", rotate: "1.2deg" },
        { translate: "0 0", rotate: "0deg" },
        { translate: "0 1vmin", rotate: "-1.2deg" },
        { translate: "0 0", rotate: "0deg" },
      ],
      {
        duration: 3_600,
        delay: 900,
        iterations: Math.ceil(kit.length / 3_600),
        easing: "ease-in-out",
        fill: "none",
      },
    );
  },
};

export const BY_KIND = { sticker, small, medium, large, full };
