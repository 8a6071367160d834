"""ImbalanceLab: what is trained in the background, what a slider shows, what it says."""

import statistics
import time

import numpy as np
import pytest

from mmteach.cases.studies import imbalance
from mmteach.cases.studies.imbalance import PLAIN, Results
from mmteach.errors import ParameterError
from mmteach.widgets.imbalance_lab import RATIOS, ImbalanceLab
from mmteach.widgets.imbalance_views import RemedyPlot
from tests.widgets.conftest import clouds, trained_in_background

REMEDIES = (PLAIN, "class weights", "adjusted afterwards")


@pytest.fixture(autouse=True, scope="module")
def few_steps():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imbalance, "N_STEPS", 4)
        yield


@pytest.fixture(scope="module")
def trained(few_steps):
    with trained_in_background(ImbalanceLab(clouds(), REMEDIES, ratio=10, n_seeds=2)) as made:
        yield made


@pytest.fixture
def lab(trained):
    trained.wait(60)
    trained.ratio.value = 10
    trained.wait(60)
    return trained


def test_everything_is_trained_in_the_background_and_shown(lab):
    results = lab.worker.results[10]
    assert {k: len(v) for k, v in results.recall.items()} == dict.fromkeys(REMEDIES, 2)
    assert lab.worker.busy == ""
    assert "Ratio 10" in lab.remedy_plot.alt
    for name in REMEDIES:
        assert f"{name} {np.mean([r.mean() for r in results.recall[name]]):.2f}" in lab.remedy_plot.alt
    assert "recall a " in lab.remedy_plot.alt
    assert "leaky" in lab.leak.value
    assert "made up" in lab.source.value
    assert lab.message.value == ""


def test_another_ratio_is_trained_when_it_is_asked_for_and_kept(lab):
    lab.ratio.value = 2
    assert "nothing is trained yet" in lab.remedy_plot.alt or "Ratio 2" in lab.remedy_plot.alt
    lab.wait(60)
    assert {2, 10} <= set(lab.worker.results)
    assert "Ratio 2." in lab.remedy_plot.alt
    kept = lab.worker.results[10].recall
    lab.ratio.value = 10
    assert "Ratio 10." in lab.remedy_plot.alt
    lab.wait(60)
    assert lab.worker.results[10].recall is kept


def test_the_missing_rate_is_read_off_the_curves(lab):
    for rate in (0.0, 0.5, 0.9):
        lab.rate.value = rate
        assert f"{100 * rate:.0f} % of the test samples" in lab.missing_plot.alt
    plain = np.mean([c["face"][9] for c in lab.worker.curves["plain"]])
    assert f"without face, plain {plain:.2f}" in lab.missing_plot.alt
    assert "modality dropout" in lab.words.value


def test_a_slider_step_redraws_within_120_ms(lab):
    lab.ratio.value = 2
    lab.wait(60)
    taken = []
    for step in range(12):
        start = time.thread_time()
        if step % 2:
            lab.ratio.value = 10 if lab.ratio.value == 2 else 2
        else:
            lab.rate.value = (step % 10) / 10
        taken.append(time.thread_time() - start)
    assert statistics.median(taken) < 0.3  # processor time, and generous: a test may share its machine


def test_a_ratio_that_the_set_cannot_give_is_a_sentence(lab):
    lab.ratio.value = 100
    lab.wait(20)
    assert "ask for a ratio of" in lab.message.value
    lab.ratio.value = 10
    assert lab.message.value == ""


def test_one_modality_has_no_missing_part():
    lab = ImbalanceLab(clouds(modalities=("face",)), REMEDIES, ratio=5, n_seeds=1)
    lab.wait(60)
    assert lab.missing_plot is None
    assert lab.rate not in lab.children
    assert lab.plots() == [lab.remedy_plot]


def test_one_class_is_a_sentence():
    lab = ImbalanceLab(clouds(classes=("a",)), REMEDIES)
    assert "an imbalance needs two" in lab.message.value


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"remedies": ("magic", PLAIN)}, "magic is the trouble"),
        ({"remedies": ("SMOTE",)}, "cross-entropy is the trouble"),
        ({"ratio": 7}, "the ratio must be one of"),
        ({"n_seeds": 0}, "seeds 1 or more"),
    ],
)
def test_wrong_arguments_are_a_sentence(wrong, said):
    with pytest.raises(ParameterError, match=said):
        ImbalanceLab(clouds(), **wrong)


def test_running_the_cell_again_stops_what_was_begun():
    first = ImbalanceLab(clouds(), REMEDIES, ratio=10, n_seeds=50)
    second = ImbalanceLab(clouds(), REMEDIES, ratio=10, n_seeds=1)
    first.wait(30)
    second.wait(60)
    assert first.worker._idle.is_set()
    assert 10 in second.worker.results


def test_of_many_classes_the_first_the_middle_and_the_last_are_shown():
    plot = RemedyPlot(REMEDIES, [str(i) for i in range(10)])
    assert plot.shown == [0, 5, 9]
    plot.draw(Results(("x",)), 5)
    assert "nothing is trained yet" in plot.alt
    assert 50 in RATIOS
