"""FusionLab on a few synthetic voices: what is trained, what is shown, and what happens on the way."""

import time

import numpy as np
import pytest
import torch

from mmteach.cases.fusions import NAMED
from mmteach.datasets import load
from mmteach.widgets import fusion_bench
from mmteach.widgets.fusion_bench import SHARES, FusionBench, _hide, _swap, over_seeds
from mmteach.widgets.fusion_lab import FusionLab
from tests.cases.conftest import spoken


@pytest.fixture(scope="module")
def lab():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    made = FusionLab(spoken(modalities=("face", "text")))
    made.bench._recipe = made.bench._recipe.__class__(**{**vars(made.bench._recipe), "epochs": 2})
    made.train(["product", "gated", "stacking"], seeds=2)
    yield made
    torch.set_num_threads(before)


def test_every_fusion_and_seed_is_trained_once(lab):
    assert {key: [t.seed for t in made] for key, made in lab.trials.items()} == {
        (name, 0.0): [0, 1] for name in ("product", "stacking", "gated")
    }
    before = dict(lab.trials)
    lab.train(["product", "gated"], seeds=2)
    assert lab.trials == before
    assert "trained already" in lab.state.value


def test_the_table_shows_numbers_with_interval_and_the_majority(lab):
    text = lab.table.value
    for word in ("product", "stacking", "gated", "always the commonest", " to ", "95 % over seeds", "seconds"):
        assert word in text
    assert f"Accuracy on {lab.bench.n_test} samples" in text
    learnt = {t.fusion: t.n_parameters for made in lab.trials.values() for t in made}
    assert learnt["product"] == 0
    assert learnt["stacking"] == 2 * 4 + 2
    assert learnt["gated"] > 1000


def test_curves_begin_at_the_accuracy_and_follow_the_controls(lab):
    for made in lab.trials.values():
        for trial in made:
            assert set(trial.curves) == {(k, m) for k in ("missing", "wrong") for m in ("face", "text")}
            assert all(curve[0] == trial.accuracy and len(curve) == len(SHARES) for curve in trial.curves.values())
    lab.kind.value, lab.modality.value = "wrong", "face"
    assert "Accuracy with face wrong in 0, 50 and 100 %" in lab.plot.alt
    lab.kind.value, lab.modality.value = "missing", "text"
    assert "Accuracy with text missing" in lab.plot.alt
    line = lab.plot._lines["gated", 0.0].get_ydata()
    wanted = [t.curves["missing", "text"] for t in lab.trials["gated", 0.0]]
    assert list(line) == pytest.approx([sum(v) / 2 for v in zip(*wanted, strict=True)])


def test_hidden_modalities_are_a_row_of_their_own(lab):
    lab.train(["product"], seeds=1, hide=True)
    assert ("product", 0.3) in lab.trials
    assert "product, 30 % hidden" in lab.table.value
    assert "product, 30 % hidden" in lab.plot.alt


def test_stopping_leaves_what_is_whole(lab):
    n = sum(map(len, lab.trials.values()))
    for box in lab.picked.values():
        box.value = True
    lab.hide.value, lab.seeds.value = False, 10
    lab.start()
    assert lab.start_button.disabled
    lab.start()
    assert "stop, or wait" in lab.message.value
    lab.stop(wait=True)
    assert lab._idle.wait(10)
    assert not lab.start_button.disabled
    assert sum(map(len, lab.trials.values())) < n + 60


def test_nothing_ticked_gets_a_sentence(lab):
    for box in lab.picked.values():
        box.value = False
    lab.start()
    assert "tick one or more" in lab.message.value


def test_one_modality_gets_a_sentence():
    lab = FusionLab(spoken(modalities=("text",)))
    assert "fusing needs two" in lab.message.value
    assert lab.start_button.disabled


@pytest.fixture(scope="module")
def digits():
    """Three digits, 40 pictures each."""
    everything = load("digit_images")
    return everything.subset([i for d in "147" for i in np.flatnonzero(everything.labels == d)[:40]])


def test_of_pictures_pixels_and_designed_features_are_fused(digits, monkeypatch):
    monkeypatch.setattr(fusion_bench, "N_PICTURES", 30)
    bench = FusionBench(digits)
    assert bench.modalities == ("features", "image")
    assert bench.n_test == 24
    assert len(bench._train.ids) == 30
    assert "no group is known" in bench.note
    assert "30 of 77 training samples are drawn" in bench.note
    assert "wait less" not in bench.note
    trainer = bench.trainer("concat", 0)
    for _ in range(4):
        trainer.epoch()
    trial = bench.judge("concat", trainer)
    assert set(trial.curves) == {(k, m) for k in ("missing", "wrong") for m in ("image", "features")}
    assert trial.accuracy > 2 * bench.majority


def test_the_table_says_what_was_tested_on_what(lab):
    assert "the groups of a test are never seen in training" in lab.table.value


def test_wrong_means_present_and_of_another_sample(lab):
    batch = lab.bench._test
    n = len(batch.ids)
    wrong, hidden = _swap(batch, "face", 0.5), _hide(batch, "face", 0.5)
    changed = (wrong.x["face"] != batch.x["face"]).any(dim=1)
    assert changed.sum() == round(0.5 * n)
    assert wrong.present["face"].all()
    assert (~hidden.present["face"] == changed).all()  # the same samples, and more as the share grows
    assert torch.equal(_swap(batch, "text", 0.0).mask["text"], batch.mask["text"])


def test_an_interval_needs_two_seeds():
    assert over_seeds([0.5])[1] != over_seeds([0.5])[1]
    assert over_seeds([0.5, 0.5]) == (0.5, 0.5, 0.5)


def test_a_step_of_a_control_is_redrawn_soon(lab):
    times = []
    for kind in ("missing", "wrong") * 4:
        start = time.process_time()
        lab.kind.value = kind
        times.append(time.process_time() - start)
    assert sorted(times)[4] < 0.12
    assert set(NAMED) == set(lab.picked)
