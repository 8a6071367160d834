"""Two tasks on one body: who is tested on whom, tasks alone beside both, paired gains; on vectors made in a moment."""

import json

import numpy as np
import pytest
import torch

from mmteach.cases.report import Row as Line
from mmteach.cases.studies import multitask
from mmteach.cases.studies.multitask import (
    EQUAL,
    SETTINGS,
    WEIGHINGS,
    Found,
    Setting,
    evaluate,
    learn,
    learn_alone,
    run,
)
from mmteach.cases.studies.multitask_report import ALONE, cosine_rows, effect, gain_rows, points
from mmteach.cases.studies.multitask_tables import divide, tables
from mmteach.datasets import Dataset, Row
from mmteach.errors import DataError, ParameterError
from mmteach.train.multitask import UNKNOWN

ROW = {"setting": "", "task": ""}


def dataset(name="faces", n=240, n_groups=12, modalities=("face", "landmarks_of_it")):
    """People and moods; both show in both vectors."""
    rng = np.random.default_rng(0)
    own = rng.normal(size=(n_groups, 6))
    rows = []
    for i in range(n):
        person, mood = i % n_groups, i // n_groups % 3
        media = {m: (own[person] + mood + rng.normal(size=6)).astype(np.float32) for m in modalities}
        meta = {"expression": "abc"[mood], "conflict": ["no", "yes"][mood == 1]}
        rows.append(Row(f"s{i}", media, f"p{person}" if name == "faces" else "abc"[mood], f"p{person}", meta=meta))
    return Dataset(rows, name, note="made up")


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    monkeypatch.setattr(multitask, "N_STEPS", 6)


@pytest.fixture
def faces():
    return tables(dataset())


def groups_of(t, ids):
    return set(t.dataset.groups[[int(i) for i in ids]])


def test_who_somebody_is_is_asked_of_people_in_training_and_all_else_of_strangers(faces):
    parts = divide(faces, 1.0, 0)
    who, mood = (parts.tests[task][0] for task in ("identity", "expression"))
    known = groups_of(faces, parts.train.ids)
    assert faces.by_sample == {"identity"}
    assert groups_of(faces, who.ids) == known
    assert set(who.ids).isdisjoint(parts.train.ids)
    assert groups_of(faces, mood.ids).isdisjoint(known)
    assert len(known) == 9
    assert parts.n_classes == {"identity": 9, "expression": 3}
    assert sorted(parts.y["identity"].unique().tolist()) == list(range(9))
    assert set(parts.tests["identity"][1].tolist()) == set(range(9))
    assert len(who.ids) == pytest.approx((len(who.ids) + len(parts.train.ids)) / 3, abs=9)


def test_where_no_task_asks_for_the_group_all_tests_are_of_strangers():
    t = tables(dataset("spoken_reviews"))
    parts = divide(t, 1.0, 0)
    assert list(t.y) == ["mood", "conflict"]
    assert parts.tests["mood"][0].ids == parts.tests["conflict"][0].ids
    assert groups_of(t, parts.tests["mood"][0].ids).isdisjoint(groups_of(t, parts.train.ids))
    assert len(parts.train.ids) + len(parts.tests["mood"][0].ids) == 240


def test_few_labels_are_few_of_the_second_task_in_training_alone(faces):
    whole, few = divide(faces, 1.0, 0), divide(faces, 0.1, 0)
    known = few.y["expression"] != UNKNOWN
    assert float(known.float().mean()) == pytest.approx(0.1, abs=0.03)
    assert min(torch.bincount(few.y["expression"][known])) >= 2
    assert torch.equal(few.y["expression"][known], whole.y["expression"][known])
    assert torch.equal(few.y["identity"], whole.y["identity"])
    assert few.train.ids == whole.train.ids
    assert all(torch.equal(few.tests[t][1], whole.tests[t][1]) for t in few.tests)


def test_vectors_are_scaled_by_the_training_part(faces):
    for x in divide(faces, 1.0, 1).train.x.values():
        torch.testing.assert_close(x.mean(dim=0), torch.zeros(6), atol=1e-4, rtol=0)
        torch.testing.assert_close(x.std(dim=0, correction=0), torch.ones(6), atol=1e-3, rtol=0)


def test_a_task_alone_learns_from_its_labelled_samples_with_the_same_body(faces, monkeypatch):
    seen = {}

    def spy(model, train, y, how, recipe):
        seen.update(n=len(train.ids), tasks=model.tasks, width=model.fusion.dim, body=len(model.shared()))
        return fit(model, train, y, how, recipe)

    fit = multitask.fit_tasks
    monkeypatch.setattr(multitask, "fit_tasks", spy)
    parts, setting = divide(faces, 0.1, 0), Setting(width=7, labelled=0.1)
    learn_alone(faces, parts, setting, "expression", 0)
    alone = dict(seen)
    assert alone["n"] == int((parts.y["expression"] != UNKNOWN).sum())
    assert alone["tasks"] == ("expression",)
    learn(faces, parts, setting, WEIGHINGS[EQUAL], 0)
    assert seen["n"] == len(parts.train.ids)
    assert seen["tasks"] == ("identity", "expression")
    assert (seen["width"], seen["body"]) == (alone["width"], alone["body"]) == (7, alone["body"])


def test_a_longer_run_has_more_steps(faces):
    parts = divide(faces, 1.0, 0)
    short, long = (len(learn(faces, parts, Setting(longer=k), WEIGHINGS[EQUAL], 0).history.losses) for k in (1, 3))
    assert long == 3 * short


def test_everything_is_tried_and_the_same_seeds_give_the_same_numbers(faces):
    a, b = ([*run(faces, Setting(), [1])][-1] for _ in range(2))
    assert a.scores == b.scores
    assert list(a.scores["identity"]) == [ALONE, *WEIGHINGS]
    assert list(a.histories) == list(WEIGHINGS)
    assert set(a.seconds) == {ALONE, *WEIGHINGS}


def test_what_has_been_learnt_is_found_again(faces, monkeypatch):
    monkeypatch.setattr(multitask, "N_STEPS", 90)
    scores = learn(faces, divide(faces, 1.0, 0), Setting(), WEIGHINGS[EQUAL], 0).scores
    assert scores["identity"] > 0.5
    assert scores["expression"] > 0.5


def test_a_report_has_each_task_alone_beside_both(monkeypatch):
    for name in ("three times as long", "narrow body"):
        monkeypatch.delitem(SETTINGS, name)
    report = evaluate(dataset(), 3)
    told = json.loads(json.dumps(report.to_json()))
    assert len(told["rows"]) == 2 + 2 * 2 * 4
    assert [r["value"] for r in told["rows"][:2]] == pytest.approx([1 / 9, 1 / 3], abs=1e-6)
    equal, alone = (report.of("usual", "identity", m) for m in (EQUAL, ALONE))
    assert equal.further["gain"] == pytest.approx(equal.value - alone.value)
    assert "gain" not in alone.further
    assert set(told["cosines"]["few labels"]) == set(WEIGHINGS)
    assert told["n_tested"]["identity"] != told["n_tested"]["expression"]
    assert "other samples of groups that are in training" in told["note"]
    text = report.to_text()
    assert "groups never met in training" in text
    assert "few labels: expression is" in text
    assert "Of these 4 comparisons" in text
    assert report.to_markdown().count("\n") == 1 + len(report.rows)


def test_gains_are_paired_by_seed_and_named_by_their_interval():
    scores = {"a": {ALONE: [0.2, 0.6, 0.4], EQUAL: [0.3, 0.7, 0.5], "PCGrad": [0.3, 0.6, 0.6]}}
    alone, equal, projected = gain_rows("usual", scores, {}, EQUAL)
    assert points(equal, "gain") == "+10.0 (+10.0 to +10.0)"
    assert projected.further["over_equal"] == pytest.approx(0.0)
    assert effect(equal) == "is helped"
    assert effect(projected, "over_equal") == "is neither helped nor hurt beyond chance"
    assert effect(Line("x", "m", 0.5, (0, 1), 0.0, {"gain_ci95": (-0.2, -0.1)})) == "is hurt"
    assert "gain" not in alone.further


def test_cosines_are_summed_up_by_run():
    found = cosine_rows({EQUAL: [[-0.5, 0.5, float("nan")], [0.2, 0.4, 0.6]]})[EQUAL]
    assert found["cosine"] == pytest.approx(0.2)
    assert found["in_conflict"] == pytest.approx(1 / 6)


def test_what_cannot_be_asked_is_a_sentence():
    with pytest.raises(ParameterError, match="'other' is asked one thing"):
        tables(dataset("other"))
    with pytest.raises(DataError, match="task 'x' of 'faces' has 0 classes"):
        tables(dataset(), {"identity": "group", "x": "nothing"})
    with pytest.raises(ParameterError, match="2 seeds tell little"):
        evaluate(dataset(), 2)
    assert Found(("a",)).scores == {}
