"""The contact sheet: every gift at its best moment on a stage of a running site, with its tile.

`python -m tools.gift_art.sheet http://localhost:8000 [file.webp [slug ...]]` (docs/design-system.md).
"""

import base64
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.browser import FLAGS, chromium

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "gifts.webp"
QUALITY = 0.82
WIDTH, COLUMNS = 1920, 4
PATIENCE_MS = 60_000

# The page's own catalogue and stage, set out as a sheet. What is small is seen from nearer.
LAY_OUT = """async ([slugs, columns]) => {
  const { Stage } = await import(document.querySelector('script[src*="gifts/stage"]').src);
  const base = document.querySelector("[data-stage]").dataset.static;
  const ground = document.querySelector(".showcase__ground").src;
  const gifts = [...document.querySelectorAll("[data-play]")].map((one) => JSON.parse(one.dataset.play));
  const make = (tag, css, parent, text = "") => {
    const element = Object.assign(document.createElement(tag), { textContent: text });
    Object.assign(element.style, css);
    parent?.append(element);
    return element;
  };
  document.documentElement.dataset.theme = "night";
  document.body.replaceChildren();
  const sheet = make("div", { display: "grid", gridTemplateColumns: `repeat(${columns}, 1fr)`, gap: "18px", padding: "24px", background: "#0b1118" }, document.body);
  const cell = (document.documentElement.clientWidth - 48 - 18 * (columns - 1)) / columns;
  const crowd = ["Noor", "Bruno", "Chidi", "Dora", "Emil", "Farah", "Goro", "Hana", "Ines", "Jonas", "Kofi", "Lena"];
  const told = [];
  for (const gift of gifts.filter(({ gift }) => !slugs.length || slugs.includes(gift))) {
    const near = { sticker: 480, small: 640, medium: 720 }[gift.kind] ?? 960;
    const card = make("div", { display: "grid", gap: "8px" }, sheet);
    const frame = make("div", { position: "relative", overflow: "hidden", borderRadius: "12px", height: `${(cell * 9) / 16}px` }, card);
    const inner = make("div", { position: "absolute", left: 0, top: 0, width: `${near}px`, height: `${(near * 9) / 16}px`, transformOrigin: "0 0", transform: `scale(${cell / near})` }, frame);
    const behind = make("img", { position: "absolute", inset: 0, width: "100%", height: "100%", objectFit: "cover" }, inner);
    behind.src = ground;
    const element = make("div", { position: "absolute", inset: 0 }, inner);
    const stage = new Stage(element, { base: new URL(base, location.href).href, full: "inside", skippable: false });
    crowd.forEach((name) => stage.meet({ id: name, from: name, handle: name.toLowerCase() }));
    const line = make("div", { display: "flex", alignItems: "center", gap: "10px", font: "600 15px Figtree", color: "#eef3f8" }, card);
    make("img", { width: "32px", height: "32px" }, line).src = new URL(gift.art, new URL(base, location.href)).href;
    make("span", {}, line, gift.name);
    make("span", { color: "#8fa1b5", fontWeight: 400 }, line, `${gift.coins.toLocaleString("en")} · ${gift.kind}`);
    const play = stage.play({ ...gift, id: gift.gift, from: "Ana", handle: "ana", private: false, message: "", at: new Date().toISOString() }, { manual: true, still: false });
    await play.ready;
    play.seek(Math.min(play.best, play.length));
    told.push(`${gift.gift} ${play.best}`);
  }
  await Promise.all([...document.images].map((one) => one.decode().catch(() => undefined)));
  await new Promise((go) => setTimeout(go, 1500));
  return told;
}"""
AS_WEBP = """async ([png, quality]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


def sheet(page: Page, site: str, slugs: list[str]) -> tuple[bytes, list[str]]:
    """Return the picture of all gifts as WebP and, for each gift, the moment that it shows."""
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type != "log" else None)
    page.goto(f"{site}/gifts/")
    page.set_default_timeout(PATIENCE_MS)
    moments: list[str] = page.evaluate(LAY_OUT, [slugs, COLUMNS])
    png = base64.b64encode(page.screenshot(full_page=True)).decode()
    page.goto("about:blank")
    return base64.b64decode(page.evaluate(AS_WEBP, [png, QUALITY])), moments + complaints


def main(site: str, picture: Path, slugs: list[str]) -> None:
    """Write the sheet and say what is on it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 1080}, locale="en")
        webp, told = sheet(page, site.rstrip("/"), slugs)
        browser.close()
    picture.write_bytes(webp)
    sys.stdout.write("\n".join([*told, f"{picture} {len(webp) // 1000} KB", ""]))


if __name__ == "__main__":
    site, *rest = sys.argv[1:] or ["http://localhost:8000"]
    main(site, Path(rest[0]) if rest else PICTURE, rest[1:])
