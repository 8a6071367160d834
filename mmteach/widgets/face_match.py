"""What FaceStudio computes: enrol people, match a photo, and say how sure and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from mmteach.batch import only
from mmteach.errors import ParameterError
from mmteach.infer import Curve, all_pairs, choose_threshold, cosine_matrix, error_curve, occlusion
from mmteach.infer.explain import modality_shapley
from mmteach.infer.gallery import Gallery, Match
from mmteach.pipeline import Pipeline
from mmteach.types import Batch, Modality, Output, Sample

Modalities = tuple[Modality, ...]


class Verdict(NamedTuple):
    """The answer for one photo.

    matches : everyone enrolled, most alike first.
    modalities : by which they were compared: those that the photo and the gallery both have.
    shares : what each modality adds to the best cosine (Shapley values; they sum to it).
    left_out : modalities of the model that could not be compared.
    """

    matches: list[Match]
    modalities: Modalities
    shares: dict[Modality, float]
    left_out: Modalities


class FaceMatcher:
    """A gallery whose people are compared by whatever modalities a photo has.

    A photo without landmarks is compared without landmarks on both sides, and against a threshold chosen without
    them: cosines of different modalities are different measures.

    Parameters
    ----------
    pipeline : fitted; neither the enrolled people nor those of `val` were in its training.
    val : samples of further people, on whom the threshold is chosen.
    """

    def __init__(self, pipeline: Pipeline, val: Iterable[Sample]) -> None:
        self.pipeline = pipeline
        self.modalities: Modalities = pipeline.fitted()[1].modalities
        val = list(val)
        self._val, self._people = pipeline.batch(val), np.array([str(s.label) for s in val])
        self._enrolled: dict[str, list[Batch]] = {}
        self._galleries: dict[Modalities, Gallery] = {}
        self._curves: dict[Modalities, tuple[Curve, float]] = {}

    # people

    @property
    def names(self) -> tuple[str, ...]:
        """Who is enrolled, in the order of enrolment."""
        return tuple(self._enrolled)

    def n_photos(self, name: str) -> int:
        """How many photos of a person were enrolled."""
        return sum(len(batch.ids) for batch in self._enrolled.get(name, []))

    def enrol(self, name: str, samples: Sequence[Sample]) -> int:
        """Add a person, or further photos of one who is there; return how many photos they have now.

        Raises
        ------
        ParameterError : without a name or without a photo.
        """
        name = name.strip()
        if not name:
            raise ParameterError("the name is empty: type a name for the person, then enrol")
        if not samples:
            raise ParameterError(f"no photo was chosen for {name}: choose at least one, then enrol")
        self._enrolled.setdefault(name, []).append(self.pipeline.batch(samples))
        self._galleries.clear()
        return self.n_photos(name)

    def remove(self, name: str) -> None:
        """Forget a person; one who was never there is no error."""
        self._enrolled.pop(name, None)
        self._galleries.clear()

    # answers

    def match(self, sample: Sample, use: Iterable[Modality] | None = None) -> Verdict:
        """Compare a photo with everyone enrolled.

        Parameters
        ----------
        use : modalities to compare by; all of them where None.

        Raises
        ------
        ParameterError : nobody is enrolled, or photo and gallery have no modality in common.
        """
        if not self._enrolled:
            raise ParameterError("nobody is enrolled yet: enrol at least one person, then match")
        query = self.pipeline.batch([sample])
        wanted = set(self.modalities if use is None else use)
        keep: Modalities = ()
        for m in self.modalities:
            if m in wanted and bool(query.present[m]) and self._everybody_has((*keep, m)):
                keep = (*keep, m)
        if not keep:
            raise ParameterError(
                "the photo and the people enrolled have no chosen modality in common: tick another modality"
            )
        matches = self.gallery(keep).match(self.embed(query, keep)[0])
        shares = self._shares(query, keep, matches[0].name)
        return Verdict(matches, keep, shares, tuple(m for m in self.modalities if m not in keep))

    def gallery(self, keep: Modalities) -> Gallery:
        """Everyone enrolled, by some of the modalities; a photo that lacks one of them is left out."""
        if keep not in self._galleries:
            gallery = Gallery()
            for name in self._enrolled:
                gallery.enrol(name, self._photos(name, keep))
            self._galleries[keep] = gallery
        return self._galleries[keep]

    def curve(self, keep: Modalities | None = None) -> tuple[Curve, float]:
        """FAR and FRR over all pairs of validation photos, and the threshold at which they are nearest."""
        keep = keep or self.modalities
        if keep not in self._curves:
            rows = _have_all(self._val, keep)
            pairs = all_pairs(self._people[rows])
            scores = cosine_matrix(self.embed(self._val, keep)[rows])[pairs.a, pairs.b]
            self._curves[keep] = error_curve(scores, pairs.same), choose_threshold(scores, pairs.same)
        return self._curves[keep]

    def occlusion(self, sample: Sample, name: str, keep: Modalities) -> tuple[np.ndarray, np.ndarray]:
        """Return the photo as the model sees it, and how far the cosine to a person falls where it is covered.

        Returns
        -------
        picture, fall : np.ndarray [shape=(H, W)]; 0.1 means that covering this place costs 0.1 of the cosine.
        """
        if "image" not in keep:
            raise ParameterError("the pixels take no part in this comparison: tick image, and look again")
        batch = only(self.pipeline.batch([sample]), keep)
        template = self._photos(name, keep).mean(axis=0)
        fall = 2 * occlusion(_Alike(self.pipeline.fitted()[1], template), batch, "image", 0)
        return batch.x["image"][0].mean(dim=0).numpy(), fall

    def embed(self, batch: Batch, keep: Modalities) -> np.ndarray:
        """Joint embeddings by some of the modalities, (N, F), unit length."""
        return self.pipeline.embed_batch(only(batch, keep))

    def _shares(self, query: Batch, keep: Modalities, name: str) -> dict[Modality, float]:
        """Share the best cosine out among the modalities."""

        def cosine(part: Batch) -> np.ndarray:
            here = tuple(m for m in keep if bool(part.present[m]))
            alike = dict(self.gallery(here).match(self.embed(part, here)[0])) if here else {}
            return np.array([[alike.get(name, 1.0)]])

        # modality_shapley counts nothing at all as 1/C, here 1, where a cosine counts it as 0: the 1 is shared out.
        shares = modality_shapley(cosine, only(query, keep), np.zeros(1, dtype=int))
        return {m: float(shares[m][0]) + 1 / len(keep) for m in keep}

    def _photos(self, name: str, keep: Modalities) -> np.ndarray:
        """Embeddings of a person's photos that have all of these modalities, (n, F)."""
        batches = self._enrolled[name]
        return np.concatenate([self.embed(batch, keep)[_have_all(batch, keep)] for batch in batches])

    def _everybody_has(self, keep: Modalities) -> bool:
        """Whether everyone enrolled has a photo with all of these modalities."""
        return all(any(_have_all(batch, keep).any() for batch in batches) for batches in self._enrolled.values())


def _have_all(batch: Batch, keep: Modalities) -> np.ndarray:
    """(N,) bool: the samples that have all of these modalities."""
    return torch.stack([batch.present[m] for m in keep]).all(dim=0).numpy()


class _Alike(nn.Module):
    """The cosine to one person as a probability, (1 + cosine) / 2, which is what `occlusion` follows."""

    def __init__(self, model: nn.Module, template: np.ndarray) -> None:
        super().__init__()
        self.model = model
        self.template = nn.functional.normalize(torch.from_numpy(template).float(), dim=0)

    def forward(self, batch: Batch) -> Output:
        """Two logits a sample: alike, and not."""
        out: Output = self.model(batch)
        cosine: Tensor = nn.functional.normalize(out.fused) @ self.template  # (B,)
        p = ((1 + cosine) / 2).clamp(1e-6, 1 - 1e-6)
        return out._replace(logits=torch.stack([p.log(), (1 - p).log()], dim=1))
