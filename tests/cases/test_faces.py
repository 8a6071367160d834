"""The case from files to report: its protocol, its honesty, and a sentence for every bad set."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from mmteach import cli, datasets
from mmteach.cases import faces
from mmteach.datasets import Row
from mmteach.errors import DataError, ParameterError
from mmteach.pipeline import Pipeline
from tests.cases.conftest import rows_of


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(a) for a in arguments], prog_name="mmteach")


@pytest.fixture(scope="module")
def three(photos):
    return photos(rows_of(3), name="three.csv")


@pytest.fixture(scope="module")
def report(three):
    result = run("evaluate", "faces", "--data", three, "--epochs", 8, "--json")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1  # one line, one object
    return json.loads(result.stdout)


def test_a_report_holds_what_was_promised(report):
    assert [row["model"] for row in report["rows"]] == ["majority", "features", "image", "fused"]
    assert {"case", "data", "task", "protocol", "n_train", "n_test", "rows", "seconds"} <= set(report)
    assert (report["case"], report["task"], report["n_train"], report["n_test"]) == ("faces", "identify", 15, 15)
    for row in report["rows"]:
        assert {"model", "metric", "value", "ci95", "seconds"} <= set(row)
        assert row["ci95"][0] <= row["value"] <= row["ci95"][1]


def test_three_people_of_ones_own_are_told_apart(report):
    rows = {row["model"]: row["value"] for row in report["rows"]}
    assert rows["majority"] == pytest.approx(1 / 3)
    assert rows["fused"] > 0.8


def test_a_split_of_each_persons_photos_is_said(report):
    assert "each person's samples are split" in report["note"]


def test_the_same_seed_gives_the_same_numbers(three):
    a, b, other = (
        json.loads(run("evaluate", "faces", "--data", three, "--epochs", 1, "--seed", s, "--json").stdout)["rows"]
        for s in (3, 3, 4)
    )
    assert [r["value"] for r in a] == [r["value"] for r in b]
    assert [r["value"] for r in a] != [r["value"] for r in other]


def test_a_split_column_is_obeyed(photos):
    rows = [(*row, "test" if i % 10 >= 8 else "train") for i, row in enumerate(rows_of(3))]
    path = photos(rows, ("id", "label", "group", "image", "split"), "split.csv")
    found = json.loads(run("evaluate", "faces", "--data", path, "--epochs", 1, "--json").stdout)
    assert (found["protocol"], found["n_train"], found["n_test"]) == ("split", 24, 6)


def test_sessions_of_a_person_are_never_cut(photos):
    rows = [(id_, label, f"{label} day {i % 10 // 5}", image) for i, (id_, label, _, image) in enumerate(rows_of(3))]
    dataset = datasets.load(photos(rows, name="sessions.csv"))
    planned = faces.plan_for(dataset, "identify")
    groups = dataset.groups
    for fold in planned.folds:
        assert not set(groups[fold.train]) & set(groups[fold.test])


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([*rows_of(2), ("p9_0", "p9", "p9", "nobody.png")], "nobody.png"),
        ([*rows_of(2), ("p0_0", "p0", "p0", "p0_0.png")], "p0_0"),
        (rows_of(1), "one class"),
        (rows_of(3, 1), "at least 2"),
    ],
    ids=["missing file", "duplicate id", "one class", "one image a class"],
)
def test_a_bad_manifest_gets_its_sentence(photos, rows, sentence):
    result = run("evaluate", "faces", "--data", photos(rows, name="bad.csv"), "--epochs", 1)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_no_pictures_is_a_sentence(tmp_path):
    np.save(tmp_path / "v.npy", np.zeros(3, np.float32))
    (tmp_path / "m.csv").write_text("id,label,vector\na,x,v.npy\nb,y,v.npy\nc,x,v.npy\nd,y,v.npy\n", encoding="utf-8")
    with pytest.raises(DataError, match="no pictures"):
        faces.evaluate(datasets.load(tmp_path / "m.csv"))


def test_normalising_by_group_is_refused_where_the_group_is_the_label(three):
    with pytest.raises(ParameterError, match="erase"):
        faces.evaluate(datasets.load(three), normalise_by_group=True)


def test_expressions_are_tested_on_people_never_seen():
    dataset = datasets.load("faces").relabel("expression")
    planned = faces.plan_for(dataset, "identify")
    for fold in planned.folds:
        assert not set(dataset.groups[fold.train]) & set(dataset.groups[fold.test])
    assert faces.pipeline(dataset, normalise_by_group=True).branches["features"].scale.by == "group"


@pytest.fixture(scope="module")
def eight(photos):
    return photos(rows_of(8), name="eight.csv")


def test_verification_reports_errors_and_threshold(eight):
    found = json.loads(run("evaluate", "faces", "--data", eight, "--task", "verify", "--epochs", 6, "--json").stdout)
    rows = {row["model"]: row for row in found["rows"]}
    assert rows["majority"]["value"] == 0.5
    assert rows["fused"]["metric"] == "eer"
    assert rows["fused"]["value"] < 0.35
    assert rows["fused"]["n_same"] == 2 * 45
    assert {"threshold", "far", "frr", "accuracy", "auc"} <= set(rows["fused"])
    assert "never seen" in found["note"]


def test_listed_pairs_are_judged_fold_by_fold(eight, tmp_path):
    dataset = datasets.load(eight)
    lines = ["id_a,id_b,same,fold"]
    for fold, (a, b) in enumerate([("p0", "p1"), ("p2", "p3")]):
        for k in range(5):
            lines += [f"{a}_{k},{a}_{k + 5},1,{fold}", f"{a}_{k},{b}_{k},0,{fold}"]
    (tmp_path / "pairs.csv").write_text("\n".join(lines), encoding="utf-8")
    planned, asked = faces.plan_for_pairs(dataset, datasets.read_pairs(tmp_path / "pairs.csv", dataset))
    for fold, pairs in zip(planned.folds, asked, strict=True):
        tested = set(dataset.labels[np.concatenate([pairs.a, pairs.b])])
        assert not tested & set(dataset.labels[np.concatenate([fold.train, fold.val])])
        assert not set(dataset.labels[fold.train]) & set(dataset.labels[fold.val])
    result = run(
        "evaluate",
        "faces",
        "--data",
        eight,
        "--task",
        "verify",
        "--pairs",
        tmp_path / "pairs.csv",
        "--epochs",
        1,
        "--json",
    )
    found = json.loads(result.stdout)
    assert (found["protocol"], found["rows"][-1]["n_same"], found["rows"][-1]["n_different"]) == ("pairs", 10, 10)


def test_pairs_of_everybody_leave_nobody_to_train_on(eight, tmp_path):
    lines = ["id_a,id_b,same,fold", *(f"p{i}_0,p{i}_1,1,0" for i in range(8))]
    (tmp_path / "pairs.csv").write_text("\n".join(lines), encoding="utf-8")
    result = run("evaluate", "faces", "--data", eight, "--task", "verify", "--pairs", tmp_path / "pairs.csv")
    assert (result.exit_code, "fewer people into each fold" in result.stderr) == (1, True)


def test_train_then_predict_one_photo(three, tmp_path):
    out = tmp_path / "three.mmt"
    assert run("train", "faces", "--data", three, "--epochs", 8, "--out", out).exit_code == 0
    photo = three.parent / "p1_3.png"
    answer = json.loads(run("predict", "--model", out, "--image", photo, "--json").stdout)
    assert answer["label"] == "p1"
    assert sum(answer["probabilities"].values()) == pytest.approx(1)
    gain = answer["probabilities"]["p1"] - 1 / 3
    assert sum(answer["contributions"].values()) == pytest.approx(gain, abs=1e-6)
    loaded = Pipeline.load(out).predict([Row(id="x", media={"image": photo}).read()])[0]
    assert loaded.probs.max() == pytest.approx(answer["probabilities"]["p1"])
    assert "p1" in run("predict", "--model", out, "--image", photo).output


def test_a_trained_model_is_never_overwritten(three, tmp_path):
    out = tmp_path / "mine.mmt"
    out.write_bytes(b"mine")
    result = run("train", "faces", "--data", three, "--out", out)
    assert (result.exit_code, out.read_bytes()) == (1, b"mine")
    assert "never overwritten" in result.stderr


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_predict_refuses_what_is_no_photo(three, tmp_path, content):
    out, photo = tmp_path / "m.mmt", tmp_path / "photo.png"
    photo.write_bytes(content)
    run("train", "faces", "--data", three, "--epochs", 1, "--out", out)
    result = run("predict", "--model", out, "--image", photo)
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert "photo.png" in result.stderr


def test_a_threshold_is_chosen_when_there_are_people_enough(eight, three):
    made, _ = faces.train(datasets.load(eight), epochs=2)
    assert -1 <= made.threshold <= 1
    assert faces.train(datasets.load(three), epochs=1)[0].threshold is None


def test_photos_without_landmarks_still_get_an_answer():
    dataset = datasets.load("faces")
    few = dataset.subset(i for i, row in enumerate(dataset.rows) if row.label in ("p01", "p02", "p03"))
    made = faces.pipeline(few, epochs=4)
    made.fit(few)
    bare = [Row(id=r.id, media={"image": r.media["image"]}, label=r.label).read() for r in few.rows[::3]]
    answers = made.predict(bare)
    assert np.mean([a.label == s.label for a, s in zip(answers, bare, strict=True)]) > 0.7
    assert all(a.contributions["landmarks"] == 0 for a in answers)


def test_classic_rows_are_added_when_asked(three):
    found = json.loads(run("evaluate", "faces", "--data", three, "--epochs", 1, "--classic", "--json").stdout)
    rows = {row["model"]: row for row in found["rows"]}
    assert {"eigenfaces + 1-NN", "LBP + 1-NN", "HOG + 1-NN"} <= set(rows)
    assert rows["HOG + 1-NN"]["value"] > 0.6
    text = run("evaluate", "faces", "--data", three, "--epochs", 1, "--classic").output
    assert "best single modality, image" in text or "best single modality, features" in text or "adds nothing" in text


def test_the_nearest_neighbour_of_a_training_face_is_itself(three):
    from mmteach.cases.classic import nearest, nearest_branches

    dataset = datasets.load(three)
    samples = list(dataset)
    for branch in nearest_branches(dataset).values():
        assert nearest(branch, samples, samples).tolist() == dataset.labels.tolist()


def test_the_embedded_set_is_as_hard_as_its_card_says():
    """Eigenfaces and their nearest neighbour stay between 60 and 90 %."""
    from mmteach.cases.classic import nearest_rows

    dataset = datasets.load("faces")
    rows = {row.model: row.value for row in nearest_rows(dataset, datasets.plan(dataset, "identify", "first6"))}
    assert 0.6 < rows["eigenfaces + 1-NN"] < 0.9
    assert rows["LBP + 1-NN"] < 0.9


def test_a_modality_that_some_lack_can_still_be_verified():
    """The model of landmarks alone must do without pictures that have none, in training and in the test."""
    dataset = datasets.load("faces")
    lacking = [row.label for row in dataset.rows if "landmarks" not in row.media]
    people = [*dict.fromkeys(lacking)][:4] + [p for p in dataset.classes if p not in lacking][:4]
    few = dataset.subset(i for i, row in enumerate(dataset.rows) if row.label in people)
    report = faces.evaluate(few, "verify", epochs=1)
    assert 0 < report["landmarks"].value < 1


def test_no_model_of_verification_is_fitted_on_the_people_tested(eight, monkeypatch):
    """Every fit is watched; the threshold comes from a model that does not know the validation people."""
    dataset, fitted, fit = datasets.load(eight), [], Pipeline.fit

    def watched(self, train, val=(), progress=False):
        train = list(train)
        fitted.append((tuple(self.branches), {s.label for s in [*train, *val]}))
        return fit(self, train, val, progress)

    monkeypatch.setattr(Pipeline, "fit", watched)
    faces.evaluate(dataset, "verify", epochs=1)
    fold = datasets.plan(dataset, "verify").folds[0]
    tested, chosen_by = set(dataset.labels[fold.test]), set(dataset.labels[fold.val])
    assert not any(people & tested for _, people in fitted)
    first, second = [people for branches, people in fitted if len(branches) > 1]
    assert not first & chosen_by
    assert second == first | chosen_by
