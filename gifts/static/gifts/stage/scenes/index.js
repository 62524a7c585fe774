// Which module plays which gift, and which sheet of styles it needs. Each is loaded when the gift
// is first seen; literal addresses, because the names of hashed files are put in where they stand
// in the source. A gift without a module of its own is played as its kind.
import { BY_KIND } from "./by_kind.js";

const RETRY_MS = 60_000;

const SCENES = {
  pebble: ["small", () => import("./pebble.js")],
  matchlight: ["small", () => import("./matchlight.js")],
  "good-bean": ["small", () => import("./good-bean.js")],
  "tiny-kettle": ["small", () => import("./tiny-kettle.js")],
  "clap-crab": ["small", () => import("./clap-crab.js")],
  "lucky-button": ["small", () => import("./lucky-button.js")],
  "moss-frog": ["small", () => import("./moss-frog.js")],
  "pocket-rain": ["small", () => import("./pocket-rain.js")],
  "toast-parachute": ["small", () => import("./toast-parachute.js")],
  "drift-lamp": ["small", () => import("./drift-lamp.js")],
  "encore-ticket": ["medium", () => import("./encore-ticket.js")],
  "brass-snail": ["medium", () => import("./brass-snail.js")],
  "neon-umbrella": ["medium", () => import("./neon-umbrella.js")],
  "kite-flock": ["medium", () => import("./kite-flock.js")],
  "marching-teacups": ["medium", () => import("./marching-teacups.js")],
  "tide-hello": ["large", () => import("./tide-hello.js")],
  "clockwork-fox": ["large", () => import("./clockwork-fox.js")],
  "night-market": ["large", () => import("./night-market.js")],
  "storm-choir": ["large", () => import("./storm-choir.js")],
  "rowing-dragons": ["large", () => import("./rowing-dragons.js")],
  "great-lighthouse": ["large", () => import("./great-lighthouse.js")],
  "sky-orchard": ["full", () => import("./sky-orchard.js")],
  "leviathan-parade": ["full", () => import("./leviathan-parade.js")],
  "new-horizon": ["full", () => import("./new-horizon.js")],
};

const SHEETS = {
  by_kind: new URL("./by_kind.css", import.meta.url),
  small: new URL("./small.css", import.meta.url),
  medium: new URL("./medium.css", import.meta.url),
  large: new URL("./large.css", import.meta.url),
  full: new URL("./full.css", import.meta.url),
};

const failed = new Map(); // slug -> when its module could not be loaded
const sheets = new Map(); // name -> promise: it is there, or cannot be had

function sheet(name) {
  if (!sheets.has(name)) {
    const link = Object.assign(document.createElement("link"), {
      rel: "stylesheet",
      href: SHEETS[name].href,
    });
    sheets.set(name, new Promise((go) => (link.onload = link.onerror = go)));
    document.head.append(link);
  }
  return sheets.get(name);
}

export async function sceneOfKind(kind) {
  await sheet("by_kind");
  return BY_KIND[kind] ?? BY_KIND.sticker;
}

/** The scene of a gift. What staff gave it to move by goes before a module; when that fails, its
 * kind's scene plays. */
export async function sceneOf({ gift, kind, motion }) {
  const [group, load] = SCENES[gift] ?? [];
  if (!load || motion || Date.now() - (failed.get(gift) ?? -RETRY_MS) < RETRY_MS)
    return sceneOfKind(kind);
  try {
    const [module] = await Promise.all([load(), sheet(group)]);
    return module.default;
  } catch {
    failed.set(gift, Date.now());
    return sceneOfKind(kind);
  }
}
