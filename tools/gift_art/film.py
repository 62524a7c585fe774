"""A film: layers one above the other, and the Lottie file that it becomes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.gift_art.keys import FPS, Animated, Json, frame, prop
from tools.gift_art.paths import curves
from tools.gift_art.shapes import transform

FOLDER = Path(__file__).parents[2] / "gifts" / "static" / "gifts" / "lottie"


@dataclass(kw_only=True)
class Layer:
    """Shapes, a `scene` or words that are moved as one, from `born` to `gone` (seconds).

    `parent` names the layer it moves with, `window` is SVG path data outside of which nothing of
    it is seen. `size` belongs to words. `delay` starts a scene later.
    """

    name: str = ""
    shapes: Sequence[Json] = ()
    scene: str = ""
    words: str = ""
    ink: str = "#ffffff"
    size: float = 24
    at: Animated = (0, 0)
    anchor: Animated = (0, 0)
    scale: Animated = (100, 100)
    rotate: Animated = 0
    opacity: Animated = 100
    born: float = 0
    gone: float | None = None
    delay: float = 0
    speed: float = 1
    parent: str = ""
    window: str = ""


@dataclass
class Film:
    """A picture that moves. `best` is the second at which a still of it looks best."""

    width: int
    height: int
    seconds: float
    best: float
    layers: list[Layer] = field(default_factory=list)
    scenes: dict[str, tuple[int, int, list[Layer]]] = field(default_factory=dict)

    def add(self, *layers: Layer) -> None:
        """Put layers on top of what is there."""
        self.layers += layers

    def scene(self, name: str, width: int, height: int, *layers: Layer) -> str:
        """Keep layers as a scene that other layers show, as often as they like."""
        self.scenes[name] = (width, height, list(layers))
        return name

    def told(self) -> Json:
        """Return the film as the format tells it."""
        told: Json = {
            "v": "5.7.0", "fr": FPS, "ip": 0, "op": frame(self.seconds), "w": self.width,
            "h": self.height, "ddd": 0,
            "markers": [{"tm": frame(self.best), "cm": "best", "dr": 0}],
        }  # fmt: skip
        if self.scenes:
            told["assets"] = [
                {"id": name, "w": width, "h": height, "layers": self._layers(layers)}
                for name, (width, height, layers) in self.scenes.items()
            ]
        if any(layer.words for layer in self._all()):
            told["fonts"] = {"list": [{
                "fName": "Figtree-Bold", "fFamily": "Figtree, sans-serif", "fStyle": "Bold", "fWeight": "700",
                "ascent": 75,
            }]}  # fmt: skip
        told["layers"] = self._layers(self.layers)
        return told

    def text(self) -> str:
        """Return the film as one line of JSON."""
        return json.dumps(self.told(), separators=(",", ":"), ensure_ascii=False) + "\n"

    def _all(self) -> list[Layer]:
        return [*self.layers, *(layer for _, _, layers in self.scenes.values() for layer in layers)]

    def _layers(self, layers: list[Layer]) -> list[Json]:
        numbers = {layer.name: number for number, layer in enumerate(layers, 1) if layer.name}
        return [
            self._layer(layer, number, numbers)
            for number, layer in reversed(list(enumerate(layers, 1)))
        ]

    def _layer(self, layer: Layer, number: int, numbers: dict[str, int]) -> Json:
        told: dict[str, Any] = {
            "ind": number, "ip": frame(layer.born), "st": frame(layer.delay),
            "op": frame(self.seconds if layer.gone is None else layer.gone),
            "ks": transform(layer.at, layer.anchor, layer.scale, layer.rotate, layer.opacity),
        }  # fmt: skip
        if layer.name:
            told["nm"] = layer.name
        if layer.speed != 1:
            told["sr"] = layer.speed
        if layer.parent:
            told["parent"] = numbers[layer.parent]
        if layer.window:
            told["hasMask"] = True
            told["masksProperties"] = [
                {
                    "mode": "a",
                    "inv": False,
                    "pt": {"a": 0, "k": curve},
                    "o": prop(100),
                    "x": prop(0),
                }
                for curve in curves(layer.window)
            ]
        return told | self._content(layer)

    def _content(self, layer: Layer) -> Json:
        if layer.scene:
            width, height, _ = self.scenes[layer.scene]
            return {"ty": 0, "refId": layer.scene, "w": width, "h": height}
        if layer.words:
            document = {
                "f": "Figtree-Bold", "s": layer.size, "t": layer.words, "j": 2, "lh": layer.size,
                "ls": 0, "fc": prop(layer.ink, 3)["k"], "tr": 0,
            }  # fmt: skip
            return {"ty": 5, "t": {"d": {"k": [{"s": document, "t": 0}]}, "p": {}, "m": {"g": 1, "a": {"a": 0, "k": [0, 0]}}, "a": []}}  # fmt: skip
        if layer.shapes:
            return {"ty": 4, "shapes": [*reversed(layer.shapes)]}
        return {"ty": 3}
