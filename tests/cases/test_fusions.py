"""Every fusion by name, training with modalities hidden, and tests in which one is missing."""

import json
from collections import Counter

import numpy as np
import pytest
from click.testing import CliRunner

from mmteach import cli
from mmteach.cases import fusions, sentiment
from mmteach.cases.missing import N_DRAWS, draws, without
from mmteach.cases.report import FUSED
from mmteach.errors import DataError, ParameterError
from mmteach.pipeline import Pipeline
from mmteach.pipeline.stacking import parts_by_group
from mmteach.types import Prediction, Sample
from tests.cases.conftest import spoken


@pytest.fixture(scope="module")
def both():
    return spoken()


@pytest.mark.parametrize("name", fusions.NAMED)
def test_each_fusion_can_be_trained_saved_and_lacks_a_modality_gracefully(both, name, tmp_path):
    made = sentiment.pipeline(both, epochs=3, fusion=name)
    samples = list(both)
    made.fit(samples[:40])
    asked = [*samples[40:44], *without(samples[44:], "audio", 1.0, ["audio", "text"])]
    answers = made.predict(asked)
    again = Pipeline.load(made.save(tmp_path / "m.mmt")).predict(asked)
    for one, other in zip(answers, again, strict=True):
        assert np.isfinite(one.probs).all()
        np.testing.assert_array_equal(one.probs, other.probs)
        assert set(one.contributions) == {"audio", "text"}
    assert all(a.contributions["audio"] == 0 for a in answers[4:])


def test_a_wrong_name_gets_the_list_of_right_ones(both):
    said = "there is no fusion 'sum'; known are product, mean, weighted, stacking, concat"
    assert fusions.named("late") is fusions.NAMED["product"]
    with pytest.raises(ParameterError, match=said):
        sentiment.pipeline(both, fusion="sum")
    result = CliRunner().invoke(cli.app, ["evaluate", "sentiment", "--fusion", "sum"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


def test_the_weight_of_the_modalities_own_losses_can_be_chosen(both):
    assert sentiment.pipeline(both).recipe.unimodal == 2
    assert sentiment.pipeline(both, fusion="gated", unimodal=0).recipe.unimodal == 0
    said = sentiment.evaluate(both, epochs=1, unimodal=0.5)[FUSED].further["unimodal"]
    assert said == 0.5


def test_the_report_shows_what_is_left_without_a_medium(both):
    report = sentiment.evaluate(both, epochs=2, fusion="gated", drop_modality=0.3, missing={"audio": 0.5, "text": 1.0})
    names = [row.model for row in report.rows]
    assert names == ["majority", "audio", "text", FUSED, "fused, audio missing in 50 %", "fused, text missing in 100 %"]
    row = report["fused, audio missing in 50 %"]
    assert row.further["missing"] == {"audio": 0.5}
    assert (row.further["fusion"], row.further["drop_modality"]) == ("gated", 0.3)
    assert "p_against_best" in report[FUSED].further
    assert report["fused, text missing in 100 %"].value != report[FUSED].value
    assert "missing" not in report.verdict()
    json.dumps(report.to_json())


def test_single_modalities_are_the_same_beside_every_fusion(both):
    reports = [sentiment.evaluate(both, epochs=2, fusion=name) for name in ("product", "tensor")]
    for m in ("audio", "text"):
        assert reports[0][m].value == reports[1][m].value
        assert reports[0][m].further["folds"] == reports[1][m].further["folds"]


@pytest.mark.parametrize("missing", [{"video": 0.5}, {"audio": 1.5}, {"audio": float("nan")}])
def test_what_cannot_be_missing_gets_a_sentence(both, missing):
    with pytest.raises(ParameterError, match="known are audio, text, and a share is from 0 to 1"):
        sentiment.evaluate(both, epochs=1, missing=missing)


def test_nothing_can_be_missing_from_one_modality():
    with pytest.raises(ParameterError, match="nothing is fused"):
        sentiment.evaluate(spoken(modalities=("text",)), epochs=1, missing={"text": 0.5})


def test_half_of_the_samples_lose_a_medium_and_always_the_same_half(both):
    samples = list(both)
    less = without(samples, "audio", 0.5, ["audio", "text"])
    assert sum("audio" not in s.media for s in less) == len(samples) // 2
    assert [set(s.media) for s in less] == [set(s.media) for s in without(samples, "audio", 0.5, ["audio", "text"])]
    assert all("text" in s.media for s in less)
    alone = [Sample("a", {"audio": samples[0].media["audio"], "other": "x"})]
    assert without(alone, "audio", 1.0, ["audio", "text"]) == alone  # it has nothing else that is read


def test_over_all_draws_each_sample_lacks_the_medium_equally_often(both):
    samples = list(both)
    for share, often in ((0.5, N_DRAWS // 2), (0.1, N_DRAWS // 10)):
        made = draws(samples[:40], "audio", share, ["audio", "text"])
        lacking = [[s.id for s in draw if "audio" not in s.media] for draw in made]
        assert [len(some) for some in lacking] == [round(40 * share)] * N_DRAWS
        assert set(Counter(i for some in lacking for i in some).values()) == {often}
    assert len(draws(samples, "audio", 1.0, ["audio", "text"])) == 1


def test_the_value_without_a_medium_is_the_mean_of_the_draws(both, monkeypatch):
    """A model that is right where it hears, and on a third of the samples always: draws differ by which they hit."""
    known, draws_seen = {s.id for s in list(both)[:17]}, []

    def predict(self, asked, contributions):
        right = ["audio" in s.media or s.id in known for s in asked]
        if not all("audio" in s.media for s in asked) and any("audio" in s.media for s in asked):
            draws_seen.append((np.mean(right), len(asked)))
        labels = [s.label if good else "nothing" for s, good in zip(asked, right, strict=True)]
        return [Prediction(s.id, label, np.ones(2) / 2, {}) for s, label in zip(asked, labels, strict=True)]

    monkeypatch.setattr(Pipeline, "fit", lambda self, train, val: None)
    monkeypatch.setattr(Pipeline, "predict", predict)
    report = sentiment.evaluate(both, epochs=1, missing={"audio": 0.5})
    row = report["fused, audio missing in 50 %"]
    shares, sizes = zip(*draws_seen, strict=True)
    assert len(shares) == N_DRAWS * len(row.further["folds"])
    assert len(set(shares)) > 1
    assert row.value == pytest.approx(np.average(shares, weights=sizes))
    assert row.further["n"] == len(both)


# stacking


def test_votes_for_stacking_are_of_groups_not_trained_on(both):
    samples = list(both)
    held = []
    for rest, part in parts_by_group(samples):
        assert not {s.group for s in rest} & {s.group for s in part}
        held += [s.id for s in part]
    assert sorted(held) == sorted(s.id for s in samples)


def test_stacking_of_one_group_gets_a_sentence():
    samples = [Sample(str(i), {"text": "good" if i % 2 else "bad"}, str(i % 2), "one") for i in range(8)]
    with pytest.raises(DataError, match="all is of 'one'"):
        list(parts_by_group(samples))


def test_stacking_trusts_who_is_right_on_new_groups(both):
    made = sentiment.pipeline(both, epochs=3, fusion="stacking")
    made.fit(list(both))
    fusion = made.fitted()[1].fusion
    assert not np.allclose(fusion.weight, np.tile(np.eye(2), 2))
    np.testing.assert_allclose(fusion.weight.sum(dim=0), 0, atol=1e-5)  # two classes: one regression, halved


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sentiment", "--missing", "audio"], "it needs NAME=SHARE"),
        (["sentiment", "--missing", "audio=half"], "it needs NAME=SHARE"),
        (["faces", "--fusion", "gated"], "--fusion is for sentiment alone"),
        (["faces", "--drop-modality", "0"], "--drop-modality is for sentiment alone"),
        (["sentiment", "--classic"], "--classic is for faces alone"),
    ],
)
def test_options_of_the_wrong_kind_get_a_sentence(arguments, said):
    result = CliRunner().invoke(cli.app, ["evaluate", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr
