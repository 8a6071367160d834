"""ReportExplorer: its numbers are those of infer, and its figures follow its sliders."""

import numpy as np
import pytest

from mmteach.cases.report import Row
from mmteach.errors import DataError, ParameterError
from mmteach.infer import reliability, softmax
from mmteach.infer.predict import run
from mmteach.widgets.report_data import Identification, Verification
from mmteach.widgets.report_explorer import ReportExplorer

KNOWN = "klmnopqr"


@pytest.fixture
def hard(fitted, faces_of):
    """Photos so noisy that some are got wrong; one is of a stranger, one lacks the vector."""
    made = faces_of(KNOWN + "z", n=3, seed=5, without={("k", 0)})
    rng = np.random.default_rng(1)
    for row in made.rows:
        row.media["image"][:] = (row.media["image"] * 0.5 + rng.uniform(0, 127, (16, 16))).astype(np.uint8)
        if "vector" in row.media:
            row.media["vector"] += rng.normal(0, 3, 5).astype(np.float32)
    return made


@pytest.fixture
def explorer(fitted, hard, faces_of):
    return ReportExplorer(fitted, hard, (faces_of("stuv"), faces_of("abcd")))


def test_confusions_add_up(fitted, hard):
    report = Identification(fitted, hard)
    assert len(report.samples) == 24, "the stranger is left out"
    assert report.confusion().sum() == 24
    wrong = report.confusion().sum() - np.trace(report.confusion())
    assert wrong > 0
    assert sum(len(p.rows) for p in report.confused()) == wrong
    for pair in report.confused():
        assert {report.samples[i].label for i in pair.rows} == {pair.truth}
        assert {KNOWN[report.answers[i]] for i in pair.rows} == {pair.answer}
    counts = [len(p.rows) for p in report.confused()]
    assert counts == sorted(counts, reverse=True)


def test_rows_put_baselines_beside_the_result(explorer):
    named = {(r.model, r.metric): r for r in explorer.rows}
    assert set(named) == {
        *((m, "accuracy") for m in ("majority", "image of the fused", "vector of the fused", "fused")),
        *((m, "eer") for m in ("guess", "image of the fused", "vector of the fused", "fused")),
    }
    for row in explorer.rows:
        assert row.ci95[0] <= row.value <= row.ci95[1]
    assert named["majority", "accuracy"].value == pytest.approx(1 / 8)
    assert named["fused", "accuracy"].further["n"] == 24


def test_each_modality_is_judged_alone(fitted, hard):
    report = Identification(fitted, hard)
    out = run(fitted.fitted()[1], fitted.batch(report.samples))
    lacks = np.array(["vector" not in s.media for s in report.samples])
    expected = ((out["unimodal.vector"].argmax(axis=1) == report.y) & ~lacks).mean()
    assert {r.model: r.value for r in report.rows()}["vector of the fused"] == pytest.approx(expected)


def test_further_rows_come_first(fitted, hard):
    extra = Row("eigenfaces + nearest", "accuracy", 0.5, (0.4, 0.6), 1.2)
    explorer = ReportExplorer(fitted, hard, rows=[extra])
    assert explorer.rows[0] == extra
    assert "eigenfaces + nearest" in explorer.tabs.children[-1].value
    assert explorer.tabs.titles == ("Who was confused", "How sure", "Table")


def test_the_pair_chosen_is_shown(explorer):
    confused = explorer.identification.confused()
    before = explorer.confusion_plot.png
    assert len(confused) > 1
    explorer.pair.value = 1
    assert explorer.confusion_plot.png != before
    assert f"{confused[1].truth} was taken for {confused[1].answer}" in explorer.confusion_plot.alt


def test_nobody_confused_is_no_error(fitted, faces_of):
    explorer = ReportExplorer(fitted, faces_of(KNOWN))
    assert "nobody was confused" in explorer.confusion_plot.alt


def test_temperature_changes_confidence_and_no_answer(explorer, fitted):
    report = explorer.identification
    expected = reliability(softmax(report.logits, 3.0), report.y, 10).ece
    before = explorer.reliability_plot.png
    explorer.log_temperature.value = 3.0
    assert explorer.reliability_plot.png != before
    assert f"{expected:.3f}" in explorer.reliability_plot.alt
    assert report.nll(fitted.temperature) > 0


def test_threshold_shows_both_groups_of_people(explorer):
    val, test = explorer.verification.rates(-1.0)
    assert val == test == (1.0, 0.0)
    explorer.threshold.value = 1.0
    assert "FRR 100.0%" in explorer.errors.value
    assert "false rejection 100.0%" in explorer.error_plot.alt


def test_the_threshold_never_saw_the_test_people(fitted, faces_of):
    val = faces_of("stuv")
    assert Verification(fitted, val, faces_of("abcd")).chosen == Verification(fitted, val, faces_of("efgh")).chosen


def test_refusals(fitted, faces_of):
    with pytest.raises(ParameterError, match="nothing to report"):
        ReportExplorer(fitted)
    with pytest.raises(DataError, match="no test sample"):
        ReportExplorer(fitted, faces_of("ab"))
