"""Turn, light and change one synthetic person, and see what that does to a machine that compares faces."""

from __future__ import annotations

import ipywidgets
import numpy as np

from mmteach.datasets.face_generator import EXPRESSIONS, GLASSES, Rendering, Scene, detect, people, render
from mmteach.features import landmark_geometry
from mmteach.widgets.figure import ORANGE, VERMILION, Plot, bare
from mmteach.widgets.panel import Panel, choice, column, on_change, prose, row, slider, tick

SEED = 20  # of the embedded set: p01 here is p01 there
SIZE = 96  # pixels a side, as in the embedded set


class FaceMaker(Panel):
    """Photograph a synthetic person, and ask who of the others' plain front pictures looks most like it.

    Parameters
    ----------
    n_people : how many stand in the row to compare with.

    Attributes
    ----------
    rendering : the picture, its landmarks, and which of them can be seen.
    nearest : {"pixels" or "landmarks": the person whose front picture is nearest}.
    """

    def __init__(self, n_people: int = 12) -> None:
        self.people = {f"p{i:02d}": person for i, person in enumerate(people(n_people, SEED), start=1)}
        self.front = {name: render(person, size=SIZE) for name, person in self.people.items()}
        self.nearest: dict[str, str] = {}
        self._make_controls()
        self.plot = Plot((6.2, 2.9), 1, 3, width_ratios=[1.7, 1, 1])
        self._make_artists()
        self.verdict = ipywidgets.HTML()
        groups = (
            column(self.person, self.yaw, self.pitch, self.roll, self.expression, self.strength),
            column(self.azimuth, self.elevation, self.ambient, self.glasses, self.noise, row(self.dots, self.again)),
        )
        super().__init__()
        self.children = [row(*groups), self.plot, self.verdict, self.message]
        self.update()

    def _make_controls(self) -> None:
        self.person = choice("Person", list(self.people))
        self.yaw = slider("Yaw", 0, -60, 60, unit="°", help="turn the head to the side")
        self.pitch = slider("Pitch", 0, -40, 40, unit="°", help="nod up and down")
        self.roll = slider("Roll", 0, -45, 45, unit="°", help="tilt towards a shoulder")
        self.azimuth = slider("Light from side", 20, -90, 90, unit="°", help="0 is from the front")
        self.elevation = slider("Light from above", 30, -60, 90, unit="°", help="below 0 is from below")
        self.ambient = slider("Ambient light", 0.4, 0, 1, 0.05, help="share of the light that comes from everywhere")
        self.expression = choice("Expression", list(EXPRESSIONS))
        self.strength = slider("Its strength", 1.0, 0, 1.5, 0.1)
        self.glasses = choice("Glasses", list(GLASSES))
        self.noise = slider("Noise", 0, 0, 60, unit="grey levels")
        self.dots = tick("landmarks", True)
        self.again = ipywidgets.Button(description="Start over", layout={"width": "110px"})
        self.moved = (
            self.person, self.yaw, self.pitch, self.roll, self.azimuth, self.elevation, self.ambient,
            self.expression, self.strength, self.glasses, self.noise, self.dots,
        )  # fmt: skip
        self._resting = {control: control.value for control in self.moved}
        on_change(self.update, *self.moved)
        self.again.on_click(lambda _button: self.start_over())

    def _make_artists(self) -> None:
        blank = np.zeros((SIZE, SIZE), np.uint8)
        self._pictures = [bare(ax).imshow(blank, cmap="gray", vmin=0, vmax=255) for ax in self.plot.axes]
        (self._seen,) = self.plot.axes[0].plot([], [], "o", ms=4, mfc=ORANGE, mec="black", mew=0.5)
        (self._hidden,) = self.plot.axes[0].plot([], [], "x", ms=5, mew=1.5, color=VERMILION)
        for ax, how in zip(self.plot.axes[1:], ("pixels", "landmarks"), strict=True):
            ax.set_xlabel(f"nearest by {how}", fontsize=9)

    @property
    def scene(self) -> Scene:
        """How the controls ask for the picture to be taken."""
        return Scene(
            pose=(self.yaw.value, self.pitch.value, self.roll.value),
            light=(self.azimuth.value, self.elevation.value),
            ambient=self.ambient.value,
            expression=self.expression.value,
            strength=self.strength.value,
            glasses=self.glasses.value,
            noise=self.noise.value,
        )

    def update(self) -> None:
        """Take the picture, compare it, and show both."""
        with self.telling():
            self.rendering = render(self.people[self.person.value], self.scene, size=SIZE)
            points = detect(self.rendering, np.random.RandomState(0), 0.9)
            self.nearest = self.compare(self.rendering, points)
            self._show(points)

    def compare(self, taken: Rendering, points: np.ndarray) -> dict[str, str]:
        """Who is nearest: by pixels (Euclidean distance of grey values), by landmarks (of their geometry)."""
        by_pixels = {n: float(np.linalg.norm(taken.image.astype(float) - f.image)) for n, f in self.front.items()}
        shapes = landmark_geometry(np.stack([points, *(f.landmarks for f in self.front.values())]).astype(float))
        by_points = dict(zip(self.front, np.linalg.norm(shapes[1:] - shapes[0], axis=1), strict=True))
        return {how: min(d, key=d.__getitem__) for how, d in (("pixels", by_pixels), ("landmarks", by_points))}

    def start_over(self) -> None:
        """Put every control but the person back to where it was at first."""
        for control, value in self._resting.items():
            if control is not self.person:
                control.value = value

    def _show(self, points: np.ndarray) -> None:
        name = self.person.value
        shown = [self.rendering.image, *(self.front[self.nearest[how]].image for how in ("pixels", "landmarks"))]
        for artist, pixels in zip(self._pictures, shown, strict=True):
            artist.set_data(pixels)
        seen = self.rendering.visible if self.dots.value else np.zeros(len(points), bool)
        self._seen.set_data(*points[seen].T)
        hidden = ~self.rendering.visible if self.dots.value else np.zeros(len(points), bool)
        self._hidden.set_data(*points[hidden].T)
        self.plot.axes[0].set_title(f"{name}, as photographed", fontsize=9)
        for ax, answer in zip(self.plot.axes[1:], self.nearest.values(), strict=True):
            ax.set_title(f"{answer} {'✓' if answer == name else '✗'}", fontsize=9)
        said = ", ".join(
            f"by {how} nearest to {who} ({'right' if who == name else 'wrong'})" for how, who in self.nearest.items()
        )
        n_hidden = int((~self.rendering.visible).sum())
        self.plot.redraw(
            f"Synthetic person {name}, yaw {self.yaw.value}, pitch {self.pitch.value}, roll {self.roll.value} degrees, "
            f"{self.expression.value}, light {self.azimuth.value} degrees from the side; {n_hidden} landmarks hidden; "
            f"{said}."
        )
        self.verdict.value = prose(
            f"Among the plain front pictures of {len(self.people)} synthetic people this one is {said}. Dots are "
            "landmarks as a detector would find them, crosses are guesses where it cannot see."
        )
