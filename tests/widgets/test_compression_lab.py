"""CompressionLab: what a slider takes away, and what it says of that."""

import numpy as np
import pytest
import torch

from mmteach.datasets import Dataset, Row
from mmteach.widgets.compression_lab import CompressionLab, trained_on
from mmteach.widgets.compression_views import _round_up


@pytest.fixture(scope="module")
def reviews():
    rng, rows = np.random.default_rng(0), []
    words = {"bad": ["awful", "dull", "broken"], "good": ["lovely", "bright", "great"]}
    for i in range(80):
        label = ("bad", "good")[i % 2]
        rows.append(
            Row(
                f"r{i}",
                {
                    "text": f"{rng.choice(words[label])} thing{rng.integers(9)}",
                    "face": rng.normal(i % 2, 1, 6).astype("f4"),
                },
                label,
                f"writer {i % 10}",
            )
        )
    return Dataset(rows, "made up here", note="made up")


@pytest.fixture(scope="module")
def made(reviews):
    return CompressionLab(reviews)


@pytest.fixture
def lab(made):
    made.bits.value, made.share.value, made.scale.value = 8, 0, True
    made.where.value, made.arithmetic.value = False, "floats"
    return made


def test_it_begins_with_int8_and_says_what_that_costs(lab):
    assert lab.message.value == ""
    assert "times smaller than" in lab.words.value
    assert f"n {len(lab.trained.truth)}" in lab.cost.alt
    assert "made up" in lab.source.value
    assert len(np.unique(lab.before.weights)) > len(np.unique(lab.now.weights))
    assert lab.now.judged.n_bytes < lab.before.judged.n_bytes


def test_pruning_and_fewer_bits_shrink_the_file_step_by_step(lab):
    sizes = [lab.now.judged.n_bytes]
    for share in (40, 95):
        lab.share.value = share
        sizes.append(lab.now.judged.n_bytes)
    lab.bits.value = 2
    sizes.append(lab.now.judged.n_bytes)
    assert sizes == sorted(sizes, reverse=True)
    assert len(np.unique(lab.now.weights)) <= 1 + 2 * len(lab.trained.pipeline.model.state_dict()[lab.layer])


def test_32_bits_and_nothing_pruned_is_the_model_as_trained(lab):
    lab.bits.value = 32
    assert np.array_equal(lab.now.weights, lab.before.weights)
    assert "0 of" in lab.weights.alt
    assert np.array_equal(lab.now.judged.probs, lab.before.judged.probs)
    assert "0.0 points" in lab.weights.alt


def test_controls_reach_the_way(lab):
    lab.share.value, lab.scale.value, lab.where.value, lab.arithmetic.value = 55, False, True, "ours"
    assert lab.way() == (8, 0.55, True, False, "ours")
    assert lab.message.value == ""
    zeros = float((lab.now.weights == 0).mean())
    assert zeros >= 0.55 - 0.5 / len(lab.now.weights)
    lab.arithmetic.value = "PyTorch's"
    assert lab.message.value == ""


def test_each_class_stands_beside_its_change(lab):
    lab.share.value = 95
    for c in ("bad", "good"):
        assert f"{c} " in lab.weights.alt
    assert lab.weights.alt.count("points") == 2


def test_the_trained_model_is_kept_and_never_changed(lab, reviews):
    assert trained_on(reviews) is lab.trained
    before = {k: v.clone() for k, v in lab.trained.pipeline.model.state_dict().items()}
    lab.bits.value, lab.share.value = 3, 80
    assert all(torch.equal(v, before[k]) for k, v in lab.trained.pipeline.model.state_dict().items())
    assert CompressionLab(reviews, bits=4, share=0.3).way()[:2] == (4, 0.3)


def test_a_set_without_text_or_voice_is_a_sentence():
    rows = [Row(f"r{i}", {"landmarks": np.zeros((3, 2))}, "ab"[i % 2], f"g{i}") for i in range(10)]
    assert "needs text, audio or vectors" in CompressionLab(Dataset(rows, "shapes")).message.value


@pytest.mark.parametrize(("value", "end"), [(0.3, 0.5), (0.5, 0.5), (1.2, 2), (7, 10), (0.011, 0.02)])
def test_axes_end_at_round_numbers(value, end):
    assert _round_up(value) == pytest.approx(end)
