"""FaceStudio: enrol people, upload and crop a photo, and see who it is, how sure that is, and why."""

from __future__ import annotations

import ipywidgets

from mmteach.datasets import Dataset
from mmteach.pipeline import Pipeline
from mmteach.types import Sample
from mmteach.widgets.face_gallery import GalleryView
from mmteach.widgets.face_match import FaceMatcher, Verdict
from mmteach.widgets.face_photo import PhotoChooser, picture_of
from mmteach.widgets.face_views import ErrorPlot, MatchPlot, WhyPlot
from mmteach.widgets.panel import Panel, column, on_change, rich, row, slider, tick


class FaceStudio(Panel):
    """A gallery, a photo, a threshold.

    Parameters
    ----------
    pipeline : fitted on other people.
    people : whose photos can be enrolled and asked about.
    val : further people, on whom the threshold is chosen.
    enrolled, n_photos : how many of `people` are in the gallery to begin with, and with how many photos each.

    Attributes
    ----------
    matcher : FaceMatcher, what is computed.
    photo : PhotoChooser; gallery : GalleryView; threshold : slider.
    verdict : the answer for the photo shown, None where there is none.
    """

    def __init__(self, pipeline: Pipeline, people: Dataset, val: Dataset, enrolled: int = 6, n_photos: int = 3) -> None:
        self.matcher = FaceMatcher(pipeline, val)
        self.verdict: Verdict | None = None
        self._by = self.matcher.modalities
        self.photo = PhotoChooser(people, n_photos, self.ask)
        self.gallery = GalleryView(self.enrol, self.forget)
        self.photo.upload.observe(lambda change: self.take_upload(change["new"]), names="value")
        self._make_answer()
        super().__init__()
        answer = column(
            self.answer, self.match_plot, row(ipywidgets.Label("Compare by"), *self.use.values(), self.why_button),
            self.threshold, self.rates, self.error_plot,
        )  # fmt: skip
        answer.layout.width = "570px"
        self.children = [row(self.photo, answer), self.message, self.why_plot, self.gallery, self.source]
        self.name_source(people)
        for name in people.classes[:enrolled]:
            self._enrol(name, [people[i] for i in self.photo.rows_of[name][:n_photos]])
        self.gallery.show()
        self.ask()

    def _make_answer(self) -> None:
        self.use = {m: tick(m, True) for m in self.matcher.modalities}
        curve, chosen = self.matcher.curve()
        self.threshold = slider("Threshold", round(chosen, 2), -0.3, 1, 0.01, help="cosine from which it is a match")
        self.threshold.layout.width = "520px"
        self.answer, self.rates = ipywidgets.HTML(layout={"min_height": "58px"}), ipywidgets.HTML()
        self.match_plot, self.error_plot = MatchPlot(), ErrorPlot()
        self.error_plot.show_curve(curve, chosen)
        self.why_plot = WhyPlot(self.matcher.modalities)
        self.why_plot.layout.display = "none"
        self.why_button = ipywidgets.Button(description="Why?", icon="search", layout={"width": "auto"})
        self.why_button.on_click(lambda _: self.why())
        on_change(self._show_threshold, self.threshold)
        on_change(self.ask, *self.use.values())

    # people

    def enrol(self, name: str) -> None:
        """Enrol the chosen photos under a name; a name that is there gets further photos."""
        with self.telling():
            n = self._enrol(name, self.photo.current())
            self.gallery.show()
            self.ask()
            self.say(f"{name.strip()} is enrolled with {n} photo{'s' if n > 1 else ''}", "note")

    def _enrol(self, name: str, samples: list[Sample]) -> int:
        n = self.matcher.enrol(name, samples)
        self.gallery.add(name, [picture_of(s) for s in samples])
        return n

    def forget(self, name: str) -> None:
        """Forget a person."""
        self.matcher.remove(name)
        self.gallery.drop(name)
        self.gallery.show()
        self.ask()

    def take_upload(self, value: object) -> None:
        """Make an uploaded file the photo; one that is no picture leaves the former in place and says why."""
        with self.telling():
            self.photo.take_upload(value)

    # the answer

    def ask(self) -> None:
        """Match the photo and draw the answer; the reasons are drawn when asked for."""
        self.why_plot.layout.display = "none"
        self.verdict = None
        self.say()
        with self.telling():
            self.photo.show()
            chosen = self.photo.current()
            if chosen:
                self.verdict = self.matcher.match(chosen[0], [m for m, box in self.use.items() if box.value])
                self._take_curve(self.verdict)
        self._show_threshold()

    def _take_curve(self, verdict: Verdict) -> None:
        """Other modalities have other errors, and so another threshold."""
        if verdict.modalities != self._by:
            self._by = verdict.modalities
            curve, chosen = self.matcher.curve(self._by)
            self.error_plot.show_curve(curve, chosen)
            self.threshold.value = round(chosen, 2)

    def _show_threshold(self) -> None:
        threshold = self.threshold.value
        self.match_plot.show_matches(self.verdict.matches if self.verdict else [], threshold)
        far, frr = self.error_plot.show_threshold(threshold)
        self.rates.value = (
            f"Of pairs of validation photos, <b>{far:.1%}</b> of strangers are accepted (FAR) and "
            f"<b>{frr:.1%}</b> of the right ones rejected (FRR)."
        )
        self.answer.value = verdict_in_words(self.verdict, threshold, self.photo.truth, self.matcher.names)

    def why(self) -> None:
        """Draw where the pixels mattered, and what each modality added."""
        with self.telling():
            if self.verdict is None:
                self.say("there is no answer to explain: choose a photo, and enrol somebody", "note")
                return
            best, by = self.verdict.matches[0].name, self.verdict.modalities
            if "image" in by:
                self.why_plot.show_picture(*self.matcher.occlusion(self.photo.current()[0], best, by))
            self.why_plot.show_shares(self.verdict.shares, best)
            self.why_plot.layout.display = ""


def verdict_in_words(verdict: Verdict | None, threshold: float, truth: str | None, names: tuple[str, ...]) -> str:
    """The answer as a sentence, with the truth beside it where the set knows it."""
    if verdict is None:
        return "<b style='font-size: 120%'>No answer</b>"
    best = verdict.matches[0]
    said = best.name if best.cosine >= threshold else None
    text = f"✓ This is {best.name}" if said else "✗ Nobody in the gallery"
    line = f"cosine {best.cosine:.2f} to {best.name}, {'at least' if said else 'below'} the threshold {threshold:.2f}"
    if truth is not None:
        right = said == (truth if truth in names else None)
        line += f"; in truth {truth}{'' if truth in names else ', not enrolled'}: {'right' if right else 'wrong'}"
    if verdict.left_out:
        line += f"; compared by {' + '.join(verdict.modalities)}, without {', '.join(verdict.left_out)}"
    return f"<b style='font-size: 120%'>{rich(text)}</b><br>{rich(line)}."
