"""The photo of FaceStudio: chosen from the set or uploaded, and cropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import ipywidgets
import numpy as np

from mmteach.datasets import Dataset
from mmteach.preprocess import Crop, Resize, Upright
from mmteach.types import Image, Sample
from mmteach.widgets.figure import Picture
from mmteach.widgets.panel import choice, on_change, row
from mmteach.widgets.upload import read_upload, upload_button

_LARGEST = 640  # pixels a side of an uploaded photo in here; the model sees 64
_SHOWN = 200  # pixels of the page


class PhotoChooser(ipywidgets.VBox):
    """A person, their photos, one's own photo, and a crop.

    Parameters
    ----------
    people : the set to choose from.
    first : number of the photo chosen first of every person; those before it are in the gallery.
    changed : called when the photo or its crop has changed.

    Attributes
    ----------
    uploaded : Sample or None; while there is one, it is the photo.
    """

    def __init__(self, people: Dataset, first: int, changed: Callable[[], None]) -> None:
        self.people, self.first, self.changed = people, first, changed
        self.uploaded: Sample | None = None
        self._quiet = False
        self.rows_of = {name: np.flatnonzero(people.labels == name).tolist() for name in people.classes}
        self.person = choice("Person", list(self.rows_of))
        self.person.layout.width = "335px"
        wide = {"style": {"description_width": "130px"}, "layout": {"width": "335px"}}
        self.photos = ipywidgets.SelectMultiple(description="Photos", rows=5, **wide)
        self.upload = upload_button("Upload")
        self.upload.layout.margin = "2px 2px 2px 134px"
        self.back = ipywidgets.Button(description="Back to set", layout={"width": "auto"}, disabled=True)
        self.back.on_click(lambda _: self._take(None))
        self.columns = ipywidgets.IntRangeSlider(value=(0, 100), description="Crop left, right", readout=False, **wide)
        self.lines = ipywidgets.IntRangeSlider(value=(0, 100), description="Crop top, bottom", readout=False, **wide)
        self.picture = Picture(layout={"height": f"{_SHOWN + 4}px", "margin": "0 0 0 134px"})
        self._list_photos()
        self.person.observe(lambda _: self._list_photos(), names="value")
        self.photos.observe(lambda _: self._take(None), names="value")
        on_change(self._cropped, self.columns, self.lines)
        sources = row(self.upload, self.back)
        children = [self.person, self.photos, sources, self.columns, self.lines, self.picture]
        super().__init__(children, layout={"width": "360px"})

    @property
    def truth(self) -> str | None:
        """Who it is, where the set knows."""
        return None if self.uploaded or not self.photos.value else str(self.person.value)

    def take_upload(self, value: object) -> None:
        """Make an uploaded file the photo.

        Raises
        ------
        DataError : it is no picture; the former photo stays.
        """
        image = read_upload(value)
        if image is not None:
            self._take(Sample("your photo", {"image": _smaller(Upright()(image))}))

    def current(self) -> list[Sample]:
        """Return the chosen samples, cropped; an uploaded photo comes before those of the set."""
        chosen = [self.uploaded] if self.uploaded else [self.people[i] for i in self.photos.value]
        (left, right), (top, bottom) = self.columns.value, self.lines.value
        if (left, right, top, bottom) == (0, 100, 0, 100):
            return chosen
        crop = Crop(min(top, 99) / 100, min(left, 99) / 100, max(bottom - top, 1) / 100, max(right - left, 1) / 100)
        return [replace(s, media={**s.media, "image": crop(Upright()(picture_of(s)))}) for s in chosen]

    def show(self) -> None:
        """Show the whole photo, what is cropped away in pale."""
        whole = self.uploaded or (self.people[self.photos.value[0]] if self.photos.value else None)
        if whole is None:
            return
        pixels = Upright()(picture_of(whole)).pixels
        (left, right), (top, bottom) = self.columns.value, self.lines.value
        height, width = pixels.shape[:2]
        shown = (pixels * 0.35 + 150).clip(0, 255).astype(np.uint8)
        box = np.s_[height * top // 100 : -(-height * bottom // 100), width * left // 100 : -(-width * right // 100)]
        shown[box] = pixels[box]
        alt = f"photo {whole.id}, cropped to columns {left} to {right} % and rows {top} to {bottom} %"
        self.picture.show(shown, alt, max(1, round(_SHOWN * min(1, width / height))))

    def _list_photos(self) -> None:
        """Offer the photos of the person chosen; begin with one that is not in the gallery."""
        rows = self.rows_of[self.person.value]
        self.photos.options = [(str(self.people.ids[i]), i) for i in rows]
        self.photos.value = (rows[min(self.first, len(rows) - 1)],)

    def _take(self, uploaded: Sample | None) -> None:
        """Change the photo and take the crop back."""
        self.uploaded, self.back.disabled = uploaded, uploaded is None
        self._quiet = True
        self.columns.value = self.lines.value = (0, 100)
        self._quiet = False
        self.changed()

    def _cropped(self) -> None:
        if not self._quiet:
            self.changed()


def picture_of(sample: Sample) -> Image:
    """The sample's image."""
    image = sample.media["image"]
    assert isinstance(image, Image)
    return image


def _smaller(image: Image) -> Image:
    """At most so many pixels a side, that a crop answers at once."""
    height, width = image.pixels.shape[:2]
    share = _LARGEST / max(height, width)
    return image if share >= 1 else Resize(max(8, round(height * share)), max(8, round(width * share)))(image)
