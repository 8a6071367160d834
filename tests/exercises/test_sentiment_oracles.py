"""The solutions of chapter 7 agree with the library's late fusion, and with what is known of conflicts."""

import numpy as np
import pytest
import torch

from mmteach.datasets import load
from mmteach.exercises.chapters.sentiment.conflict import my_conflict
from mmteach.exercises.chapters.sentiment.fuse import my_fuse
from mmteach.models import LateFusion

NAMES = ["audio", "face", "text"]


@pytest.mark.parametrize("there", [["text"], ["audio", "text"], NAMES])
def test_fuse_is_the_library_s_late_fusion(there):
    rng = np.random.default_rng(0)
    logits = {m: torch.tensor(rng.normal(0, 2, (1, 4)), dtype=torch.float32) for m in NAMES}
    fusion = LateFusion(dict.fromkeys(NAMES, 4), 4)
    with torch.no_grad():
        fusion.weight.copy_(torch.tensor([0.3, -1.0, 0.8]))
        out = fusion(logits, {m: torch.tensor([m in there]) for m in NAMES}).softmax(dim=1)[0]
    weights = dict(zip(NAMES, np.exp([0.3, -1.0, 0.8]), strict=True))
    votes = {m: logits[m].softmax(dim=1)[0].numpy() for m in there}
    np.testing.assert_allclose(my_fuse(votes, weights), out, rtol=1e-5)


def test_conflicts_are_those_of_the_card():
    """With the moods of words and voice as sure votes: the set's own rule lets the moved voice win."""
    reviews = load("spoken_reviews")
    moods = ["negative", "neutral", "positive"]
    text, voice, label = (
        np.array([moods.index(v) for v in values])
        for values in (
            *zip(*((r.meta["text_mood"], r.meta["voice_mood"]) for r in reviews.rows), strict=True),
            reviews.labels,
        )
    )
    opposite = np.abs(text - voice) == 2
    marked = np.array([r.meta["conflict"] == "yes" for r in reviews.rows])
    np.testing.assert_array_equal(opposite, marked)
    found = my_conflict(np.eye(3)[text][marked], 0.9 * np.eye(3)[voice][marked] + 0.01, label[marked])
    assert found == {"n": marked.sum(), "text": 0, "voice": 1, "surer": 0}
