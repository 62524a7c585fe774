// Neon Umbrella: rain begins, the umbrella opens above the host, its tubes light up one after the
// other, and it stays dry below.
import { ease, pivot, stand } from "./craft.js";
import { ink } from "./ink.js";

const drop = `<path fill="#5fd6f0" stroke="#14264a" stroke-width="2.4" stroke-linejoin="round" d="M8 1.5C4.4 10 2 14.4 2 18.2a6 6 0 0 0 12 0C14 14.4 11.6 10 8 1.5z"/><path fill="none" stroke="#e6fbff" stroke-width="1.8" stroke-linecap="round" d="M5.2 18c0 1.6.8 2.6 2 3"/>`;

export default {
  best: 2_000,
  async play(box, gift, kit) {
    const size = Math.min(kit.width * 0.66, kit.height * 0.86, 320 * Math.max(kit.scale, 0.8));
    // Its rim is above the host's eyes; on the phone the sender's name is above it.
    const above =
      box.getBoundingClientRect().top - (box.closest(".stage") ?? box).getBoundingClientRect().top;
    const foot = kit.width < 600 ? size * 0.86 + 56 : 720 * kit.scale * 0.225 - above + size * 0.33;
    const middle = kit.width / 2;
    const umbrella = kit.el("umbrella");
    stand(umbrella, middle, foot, size);
    const light = kit.el("umbrella__light", umbrella);
    const art = await kit.svg("gifts/art/neon-umbrella.svg", umbrella);
    const part = (name, x = 64, y = 14) => pivot(kit.part(art, name), x, y);
    const ms = (time) => time * kit.pace;
    const [shut, open] = [kit.length - ms(560), ms(520)];

    // Shut, it comes down from above; then it springs open, and turns its crook up out of the way.
    kit.animate(
      umbrella,
      [{ translate: "0 -120%" }, { translate: "0 4%", offset: 0.8 }, { translate: "0 0" }],
      { duration: ms(440), easing: ease.out },
    );
    kit.animate(
      part("canopy"),
      [
        { scale: "0.13 1.12" },
        { scale: "1.08 0.92", offset: 0.45, easing: ease.out },
        { scale: "0.97 1.03", offset: 0.7 },
        { scale: "1 1" },
      ],
      { delay: open, duration: ms(520) },
    );
    kit.animate(part("pole", 64, 60), [{ scale: "1 1" }, { scale: "1 0.16" }], {
      delay: open + ms(260),
      duration: ms(380),
      easing: ease.both,
    });
    kit.animate(kit.part(art, "rain"), [{ opacity: 0 }, { opacity: 0 }], { duration: 1 });
    kit.animate(
      umbrella,
      [{ rotate: "0deg" }, { rotate: "2.6deg" }, { rotate: "-2.6deg" }, { rotate: "0deg" }],
      {
        delay: open + ms(400),
        duration: ms(1_900),
        iterations: 2,
        easing: ease.both,
        fill: "none",
      },
    );
    kit.animate(
      umbrella,
      [
        { translate: "0 0", opacity: 1 },
        { translate: "0 -130%", opacity: 1 },
      ],
      { delay: shut, duration: ms(520), easing: ease.in, composite: "add" },
    );

    // The tubes: each swells up slowly, none of them flickers.
    const lit = (name, at) =>
      kit.animate(kit.part(art, name), [{ opacity: 0.18 }, { opacity: 1 }], {
        delay: open + ms(at),
        duration: ms(420),
        easing: "ease-in",
      });
    lit("ribs", 320);
    lit("rim", 520);
    lit("star", 760);
    for (const [name, most] of [
      ["glow", 1],
      ["warm", 0.4],
    ])
      kit.animate(kit.part(art, name), [{ opacity: 0 }, { opacity: most }], {
        delay: open + ms(500),
        duration: ms(700),
        easing: "ease-in-out",
      });
    kit.animate(
      light,
      [
        { opacity: 0, scale: "0.7 0.9" },
        { opacity: 1, scale: "1 1" },
      ],
      { delay: open + ms(560), duration: ms(800), easing: "ease-out" },
    );
    kit.animate(light, [{ opacity: 0 }, { opacity: -1 }], {
      delay: shut,
      duration: ms(300),
      composite: "add",
    });

    // Drops fall past it; those that meet it run down and leap off its edge.
    const drops = kit.lean ? 8 : 20;
    const crown = foot - size * 0.9;
    for (let turn = 0; turn < drops; turn += 1) {
      const wet = ink("umbrella__drop", "0 0 16 26", drop, box);
      const share = (turn + 0.5) / drops;
      const x = share * kit.width;
      const off = x - middle;
      const reach = size * 0.47;
      wet.style.left = `${x}px`;
      const timing = {
        duration: ms(760 + ((turn * 53) % 240)),
        delay: ms(((turn * 337) % 900) - 80),
        iterations: 3,
        easing: "linear",
      };
      if (Math.abs(off) > reach) {
        kit.animate(
          wet,
          [
            { translate: "0 -40px", opacity: 0 },
            { opacity: 0.9, offset: 0.12 },
            { opacity: 0.9, offset: 0.85 },
            { translate: `0 ${kit.height}px`, opacity: 0 },
          ],
          timing,
        );
        continue;
      }
      const roof = crown + size * 0.44 * (off / reach) ** 2;
      const edge = Math.sign(off || 1) * reach - off;
      kit.animate(
        wet,
        [
          { translate: "0 -40px", opacity: 0 },
          { opacity: 0.9, offset: 0.1 },
          { translate: `0 ${roof - 12}px`, scale: "1 1", offset: 0.36, easing: ease.fall },
          {
            translate: `${edge * 0.5}px ${(roof + crown + size * 0.44) / 2 - 12}px`,
            scale: "0.8 0.6",
            offset: 0.6,
            easing: "ease-in",
          },
          {
            translate: `${edge}px ${crown + size * 0.42}px`,
            scale: "0.9 0.9",
            opacity: 0.9,
            offset: 0.75,
            easing: ease.fall,
          },
          { translate: `${edge * 1.12}px ${Math.min(kit.height, crown + size)}px`, opacity: 0 },
        ],
        { ...timing, delay: open + ms(160 + ((turn * 337) % 700)), iterations: 2 },
      );
    }
    kit.sound(
      [
        ["E5", 900, 200],
        ["B5", 1_100, 240],
        ["G#5", 1_320, 500],
      ],
      { voice: "bell" },
    );
  },
};
