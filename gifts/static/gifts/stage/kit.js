// What a scene draws with. One kit per play: everything made through it can be paused, looked at,
// taken back and tidied up.
import { drawing } from "./drawing.js";
import { lottie } from "./lottie.js";
import { sound } from "./sound.js";

export function makeKit({ stage, gift, box, clock, still, lean, pace, length }) {
  const gone = new AbortController();
  const movements = []; // {animation, born}
  const lotties = [];
  const silences = [];
  const stays = new Set();
  const address = (path) => stage.address(path);
  const isOver = () => gone.signal.aborted;
  const handedOver = (element) => [...stays].some((stay) => stay.contains(element));

  const kit = {
    width: box.clientWidth,
    height: box.clientHeight,
    scale: stage.height() / 720,
    length,
    pace,
    still,
    lean,
    gift,
    signal: gone.signal,
    room: stage.memory(gift.gift),
    random: Math.random,
    address,

    el(className, parent = box, tag = "div") {
      const element = document.createElement(tag);
      element.className = className;
      parent?.append(element);
      return element;
    },

    text(words, className, parent = box) {
      const element = kit.el(className, parent, "span");
      element.textContent = words;
      return element;
    },

    img(path, className, parent = box) {
      const element = kit.el(className, null, "img");
      Object.assign(element, { alt: "", decoding: "async", src: address(path) });
      parent?.append(element);
      return element;
    },

    async svg(path, parent = box) {
      const element = await drawing(address(path));
      if (!isOver()) parent?.append(element);
      return element;
    },

    part: (svg, name) =>
      svg.querySelector(`[data-part="${name}"]`) ?? svg.querySelector(`#${svg.dataset.ids}${name}`),

    animate(element, keyframes, timing) {
      const settings = typeof timing === "number" ? { duration: timing } : timing;
      const animation = element.animate(keyframes, { fill: "both", ...settings });
      // An animation may be cancelled by its scene or with it: that is no error.
      animation.finished.catch(() => undefined);
      if (isOver()) animation.cancel();
      else if (!clock.running) animation.pause();
      movements.push({ animation, born: clock.now() });
      return animation;
    },

    async lottie(path, parent = box, how = {}) {
      const born = clock.now(); // a film that was slow to come goes on where it would be by now
      const movie = await lottie(address(path), parent, how);
      if (isOver()) movie.destroy();
      else {
        movie.born = born;
        movie.speed = 1 / pace;
        movie.pace(movie.speed);
        lotties.push(movie);
        movie.seek((clock.now() - movie.born) * movie.speed);
        if (clock.running) movie.play();
      }
      return movie;
    },

    supporters: (count) => stage.supporters(count, gift),

    sound(notes, how) {
      if (still || clock.manual || !stage.loud()) return;
      silences.push(
        sound(
          notes.map(([note, start, ms]) => [note, start * pace, ms * pace]),
          how,
        ),
      );
    },

    stay(element, ms, place = "sky") {
      if (isOver() || (clock.manual && !still)) return;
      stays.add(element);
      stage.stay(element, ms, place, { gift: kit.gift, box });
    },

    mood(name, ms) {
      if (!clock.manual || still) stage.mood(name, ms, kit.gift);
    },

    /** Call `then` when the gift is undone, even after the scene: what was built with it comes
     * down again. */
    undone: (then) => stage.onUndo(kit.gift.id, then),

    after: (ms, then) => clock.after(ms, () => !isOver() && then()),
  };

  return {
    kit,
    pause() {
      for (const { animation } of movements)
        if (animation.playState === "running" && !handedOver(animation.effect.target))
          animation.pause();
      for (const movie of lotties) movie.pause();
      for (const hush of silences.splice(0)) hush();
    },
    resume() {
      for (const { animation } of movements) if (animation.playState === "paused") animation.play();
      for (const movie of lotties) movie.play();
    },
    seek(ms) {
      for (const { animation, born } of movements) animation.currentTime = ms - born;
      for (const movie of lotties) movie.seek((ms - movie.born) * movie.speed);
    },
    end() {
      gone.abort();
      for (const hush of silences.splice(0)) hush();
      for (const { animation } of movements)
        if (!handedOver(animation.effect?.target)) animation.cancel();
      for (const movie of lotties) movie.destroy();
    },
  };
}
