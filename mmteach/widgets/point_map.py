"""A map of points that can be pointed at: hover tells what a point is, a click or the arrow keys choose it."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import numpy as np
import traitlets

from mmteach.widgets.figure import BLUE

SOUND = "#A34E00"  # dark orange: letters on white need more contrast than areas do
SIZE = (620, 460)  # pixels

_MAP = """
const SVG = "http://www.w3.org/2000/svg";
const make = (name, attributes, parent) => {
  const node = document.createElementNS(SVG, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  parent.append(node);
  return node;
};
function render({ model, el }) {
  const [width, height] = [model.get("width"), model.get("height")];
  const box = document.createElement("div");
  box.style.cssText = `position: relative; width: ${width}px; max-width: 100%`;
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, tabindex: 0, role: "application" }, box);
  svg.style.cssText = "width: 100%; background: white; border-radius: 3px; display: block; cursor: crosshair";
  const lines = make("g", { stroke: "#555555", "stroke-width": 1, "stroke-dasharray": "4 3" }, svg);
  const dots = make("g", { "text-anchor": "middle", "dominant-baseline": "central" }, svg);
  dots.setAttribute("style", "font: bold 13px sans-serif; user-select: none");
  const ring = make("circle", { r: 13, fill: "none", stroke: "black", "stroke-width": 2.5 }, svg);
  const tip = document.createElement("div");
  tip.style.cssText = "position: absolute; pointer-events: none; background: #222222; color: white; padding: 1px 7px;" +
    " border-radius: 3px; font-size: 12px; display: none; white-space: nowrap";
  box.append(tip);
  el.append(box);
  let nodes = [], places = [];
  const build = () => {
    dots.replaceChildren();
    nodes = model.get("marks").map(([letter, kind], i) => {
      const g = make("g", { "data-i": i, fill: kind ? model.get("sound") : model.get("picture") }, dots);
      make("circle", { r: 9, fill: kind ? "#FFF1E0" : "transparent", stroke: kind ? "currentColor" : "none" }, g);
      if (kind) g.firstChild.setAttribute("stroke", model.get("sound"));
      make("text", {}, g).textContent = letter;
      return g;
    });
    move();
  };
  const move = () => {
    const raw = model.get("xy");
    const xy = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
    places = nodes.map((_, i) => [20 + xy[2 * i] * (width - 40), 20 + (1 - xy[2 * i + 1]) * (height - 40)]);
    nodes.forEach((g, i) => { g.setAttribute("transform", `translate(${places[i][0]} ${places[i][1]})`); });
    point();
  };
  const point = () => {
    const chosen = model.get("chosen"), here = places[chosen];
    ring.setAttribute("visibility", here ? "visible" : "hidden");
    lines.replaceChildren();
    svg.setAttribute("aria-label", model.get("alt"));
    if (!here) return;
    ring.setAttribute("transform", `translate(${here[0]} ${here[1]})`);
    for (const j of model.get("near")) if (places[j])
      make("line", { x1: here[0], y1: here[1], x2: places[j][0], y2: places[j][1] }, lines);
    dots.append(nodes[chosen]);  // on top of the others
  };
  const choose = (i) => { model.set("chosen", i); model.save_changes(); };
  const of = (event) => event.target.closest("[data-i]")?.dataset.i;
  dots.addEventListener("click", (event) => { const i = of(event); if (i !== undefined) choose(+i); });
  dots.addEventListener("pointermove", (event) => {
    const i = of(event);
    if (i === undefined) return;
    const at = box.getBoundingClientRect();
    tip.textContent = model.get("marks")[+i][2];
    tip.style.left = event.clientX - at.left + 12 + "px";
    tip.style.top = event.clientY - at.top + 12 + "px";
    tip.style.display = "block";
  });
  dots.addEventListener("pointerleave", () => { tip.style.display = "none"; });
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !nodes.length) return;
    event.preventDefault(); event.stopPropagation();
    choose((Math.max(0, model.get("chosen")) + step + nodes.length) % nodes.length);
  });
  const heard = { "change:marks": build, "change:xy": move, "change:chosen": point, "change:near": point,
                  "change:alt": point };
  for (const name in heard) model.on(name, heard[name]);
  build();
  return () => { for (const name in heard) model.off(name, heard[name]); };
}
export default { render };
"""


class PointMap(anywidget.AnyWidget):
    """Points of two kinds, each drawn as a letter; those of the second kind stand in a circle.

    Parameters
    ----------
    marks : for each point [letter, 0 or 1, what hovering tells].
    xy : float32 bytes, x and y of each point in [0, 1], y upwards.
    chosen : number of the point that was clicked; -1 for none.
    near : numbers of points to which a line is drawn from the chosen one.
    alt : what the map shows now.
    """

    _esm = _MAP
    marks: traitlets.List = traitlets.List().tag(sync=True)
    xy = traitlets.Bytes(b"").tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    near = traitlets.List(traitlets.Int()).tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(SIZE[0]).tag(sync=True)
    height = traitlets.Int(SIZE[1]).tag(sync=True)
    picture = traitlets.Unicode(BLUE).tag(sync=True)
    sound = traitlets.Unicode(SOUND).tag(sync=True)

    def place(self, xy: np.ndarray, alt: str) -> None:
        """Move the points to xy (N, 2), scaled here to fill the map with one scale for both axes."""
        low, high = xy.min(axis=0), xy.max(axis=0)
        span = max(float((high - low).max()), 1e-9)
        scaled = (xy - (low + high) / 2) / span + 0.5
        with self.hold_sync():
            self.alt, self.xy = alt, np.ascontiguousarray(scaled, dtype=np.float32).tobytes()

    def name(self, marks: Sequence[tuple[str, int, str]]) -> None:
        """Say what the points are; their number may change."""
        self.marks = [list(mark) for mark in marks]
