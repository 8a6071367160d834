"""The study of small models: what is compared, what comes out of the file, and what the report says of it."""

import numpy as np
import pytest
import torch

from mmteach.cases.studies import compression
from mmteach.cases.studies.compression import Way, judge, latency, ways
from mmteach.cases.studies.compression_report import Judged, ece, make_rows, paired_interval, recalls
from mmteach.datasets import Dataset, Row
from mmteach.errors import ParameterError
from mmteach.infer import reliability

WORDS = {"bad": ["awful", "dull", "broken"], "good": ["lovely", "bright", "great"]}


@pytest.fixture(scope="module")
def reviews():
    rng, rows = np.random.default_rng(0), []
    for i in range(60):
        label = ("bad", "good")[i % 2]
        said = [*rng.choice(WORDS[label], 2), f"word{rng.integers(30)}", f"thing{i}"]
        rows.append(Row(f"r{i}", {"text": " ".join(said)}, label, f"writer {i % 10}"))
    return Dataset(rows, "made", note="made up")


@pytest.fixture(scope="module")
def report(reviews):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compression, "N_TIMES", 4)
        return compression.evaluate(reviews, epochs=3)


@pytest.fixture(scope="module")
def trained(reviews):
    return compression.train(reviews, compression.sentiment.plan_for(reviews).folds[0], epochs=3)


def test_every_way_stands_beside_the_model_as_trained_and_the_majority(report):
    assert [r.model for r in report.rows] == ["majority", *ways()]
    n = report.n_test
    assert n == 60
    for row in report.rows[1:]:
        assert row.further["n"] == n
        assert row.ci95[0] <= row.value <= row.ci95[1]
        assert 0 < row.further["latency_ms"] <= row.further["latency_p95_ms"]
        assert set(row.further["recall"]) == {"bad", "good"}
    assert report["as trained"].further["times_smaller"] == 1
    assert report.features_ms > 0


def test_int8_halves_and_pruning_shrinks_further(report):
    sizes = [report[m].further["bytes"] for m in ("as trained", "50 % pruned", "int8", "int8, 50 % pruned")]
    assert sizes[0] > sizes[1] > sizes[3]
    assert sizes[0] > sizes[2] > sizes[3]


def test_it_says_what_was_won_and_what_it_cost(report):
    text = report.to_text()
    for word in ("made up", "nothing is trained again", "times smaller on disk", "answers changed", "of the way"):
        assert word in text
    told = report.to_json()
    assert told["share"] == 0.5
    assert told["rows"][5]["model"] == "int8, 50 % pruned"
    assert told["rows"][5]["change_ci95"][0] <= told["rows"][5]["change"]


def test_what_is_judged_came_out_of_the_file(trained):
    said, model = judge(trained, Way(8, 0.5))
    small = trained.pipeline.compress(8, 0.5)
    probs = np.stack([p.probs for p in small.predict(trained.samples, contributions=False)])
    np.testing.assert_allclose(said.probs, probs, atol=1e-6)
    assert model is not trained.pipeline.model
    plain, _ = judge(trained, Way(None))
    assert plain.n_bytes > said.n_bytes


def test_int8_arithmetic_is_used_where_it_is_asked_for(trained):
    kinds = {
        who: {type(m).__name__ for m in judge(trained, Way(arithmetic=who))[1].modules()}
        for who in ("floats", "ours", "PyTorch's")
    }
    assert "Int8Linear" in kinds["ours"]
    assert "Int8Linear" not in kinds["floats"]
    assert "Linear" not in kinds["ours"]
    assert judge(trained, Way(arithmetic="PyTorch's"))[1].heads[0].linear.weight().dtype == torch.qint8


def test_latency_takes_turns_one_sample_at_a_time(trained):
    seen = []
    models = {name: lambda one, name=name: seen.append((name, len(one.ids))) for name in "ab"}
    times = latency(models, trained.batch, 6)
    assert {name: len(t) for name, t in times.items()} == {"a": 6, "b": 6}
    assert {n for _, n in seen} == {1}
    firsts = [name for name, _ in seen[::2]]
    assert abs(firsts.count("a") - firsts.count("b")) <= 1


def judged(probs, truth):
    return Judged(np.array(probs), np.array(truth), ("a", "b"), 100)


def test_changes_are_counted_sample_by_sample():
    before = [judged([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]], list("aabb"))]
    after = [judged([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]], list("aabb"))]
    rows = make_rows({"x": before, "y": after}, {"x": np.ones(3), "y": np.array([1.0, 2, 9])}, [(0.5, 4)])
    y = rows[2].further
    assert y["answers_changed"] == 2
    assert y["change"] == 0
    assert y["recall_change"] == {"a": -0.5, "b": 0.5}
    assert y["latency_ms"] == 2
    assert recalls(after) == {"a": 0.5, "b": 1.0}
    assert "change" not in rows[1].further


def test_calibration_of_several_folds_is_that_of_all_answers():
    rng = np.random.default_rng(0)
    probs = rng.dirichlet([1, 1], 40)
    truth = np.array(["a", "b"])[rng.integers(0, 2, 40)]
    halves = [judged(probs[part], truth[part]) for part in (slice(0, 13), slice(13, 40))]
    assert ece(halves) == pytest.approx(reliability(probs, (truth == "b").astype(int)).ece)


def test_the_paired_interval_knows_only_what_changed():
    right = np.arange(100) < 70
    assert paired_interval(right, right) == (0, 0)
    low, high = paired_interval(right, np.arange(100) < 76)
    assert low < 0.06 < high
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(0.06 * 0.94 / 100), rel=1e-3)


@pytest.mark.parametrize("share", [0, 1, -1])
def test_a_share_that_prunes_nothing_or_all_is_a_sentence(reviews, share):
    with pytest.raises(ParameterError, match="above 0 and below 1"):
        compression.evaluate(reviews, share)
