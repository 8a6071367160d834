"""`mmteach evaluate sentiment`, `train` and `predict` with texts, recordings and whatever somebody calls so."""

import importlib
import inspect
import json

import numpy as np
import pytest

from mmteach import datasets
from mmteach.cases import sentiment
from mmteach.cli import models
from mmteach.pipeline import Pipeline
from tests.cli.conftest import predict, refused, run

# evaluate


def test_evaluate_prints_one_json_object(manifest):
    result = run("evaluate", "sentiment", "--data", manifest, "--epochs", 2, "--json")
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    assert [row["model"] for row in found["rows"]] == ["majority", "audio", "text", "fused"]
    assert (found["case"], found["protocol"]) == ("sentiment", "folds5")
    for row in found["rows"]:
        assert {"value", "ci95", "seconds", "n"} <= set(row)


def test_evaluate_as_table_and_as_text(manifest):
    settings = ("evaluate", "sentiment", "--data", manifest, "--epochs", 1, "--protocol", "folds2")
    table = run(*settings, "--markdown").stdout
    assert table.startswith("| model | metric | value | 95 % interval |")
    assert "| fused | accuracy |" in table
    text = run(*settings).stdout
    assert "sentiment on spoken" in text
    assert "never seen in training" in text


def test_evaluate_another_column_within_each_speaker(manifest):
    asked = ("--label", "valence", "--normalise-by-group", "--protocol", "folds2")
    result = run("evaluate", "sentiment", "--data", manifest, "--epochs", 1, "--json", *asked)
    assert [row["model"] for row in json.loads(result.stdout)["rows"]][-1] == "fused"


@pytest.mark.parametrize("choice", [("--task", "verify"), ("--pairs", "p.csv"), ("--classic",)])
def test_what_is_for_faces_alone_is_a_mistake_in_the_command(manifest, choice):
    result = run("evaluate", "sentiment", "--data", manifest, *choice)
    assert result.exit_code == 2
    assert f"{choice[0]} is for faces alone" in result.stderr


@pytest.mark.parametrize(
    ("case", "choice", "whose"),
    [
        ("faces", ("--fusion", "gated"), "sentiment alone"),
        ("faces", ("--unimodal", "0"), "sentiment alone"),
        ("faces", ("--missing", "audio=0.5"), "sentiment alone"),
        ("digits", ("--classic",), "faces alone"),
        ("digits", ("--examples", "2,5"), "images alone"),
        ("digits", ("--normalise-by-group",), "faces and sentiment"),
    ],
)
def test_what_is_not_of_its_own_case_is_a_mistake_in_the_command(case, choice, whose):
    result = run("evaluate", case, *choice)
    assert result.exit_code == 2
    assert f"{choice[0]} is for {whose}; {case} has no such choice: leave it out" in result.stderr


def test_a_share_without_a_number_is_a_mistake_in_the_command():
    result = run("evaluate", "sentiment", "--missing", "audio")
    assert result.exit_code == 2
    assert "NAME=SHARE" in result.stderr


def test_examples_that_are_no_numbers_are_a_mistake_in_the_command():
    result = run("evaluate", "images", "--examples", "2,few")
    assert result.exit_code == 2
    assert "--examples 2,5,20" in result.stderr


def test_a_choice_of_zero_is_a_choice(manifest):
    settings = ("--unimodal", 0, "--drop-modality", 0, "--protocol", "folds2", "--epochs", 1, "--json")
    fused = json.loads(run("evaluate", "sentiment", "--data", manifest, *settings).stdout)["rows"][-1]
    assert (fused["unimodal"], fused["drop_modality"]) == (0, 0)


def test_every_case_in_the_list_can_be_used_as_the_commands_use_it():
    for name, known in models.CASES.items():
        module = importlib.import_module(f"mmteach.cases.{name}")
        asked = inspect.signature(module.evaluate).parameters
        assert {*models.EVERY_CASE, *known.own, "progress"} <= set(asked)
        assert list(inspect.signature(module.train).parameters)[:4] == ["dataset", "epochs", "seed", "progress"]


def test_a_set_that_is_not_there(tmp_path):
    result = run("evaluate", "sentiment", "--data", tmp_path / "nowhere.csv")
    assert result.exit_code == 1
    assert "nowhere.csv" in result.stderr


def test_a_broken_recording_in_a_set_is_named_with_its_line(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"no sound")
    lines = ["id,label,text,audio", "a,x,good day,a.wav", *(f"t{i},{'xy'[i % 2]},day {i}," for i in range(12))]
    (tmp_path / "m.csv").write_text("\n".join(lines), encoding="utf-8")
    result = run("evaluate", "sentiment", "--data", tmp_path / "m.csv", "--epochs", 1)
    refused(result, "m.csv line 2: ")
    assert "is not a recording that can be read" in result.stderr


# train


def test_train_then_predict(manifest, voice, tmp_path):
    out = tmp_path / "mine.mmt"
    result = run("train", "sentiment", "--data", manifest, "--out", out, "--epochs", 20)
    assert result.exit_code == 0
    assert "2 classes, 20 epochs" in result.stdout
    answer = json.loads(run("predict", "--model", out, "--text", "a happy and lovely day", "--json").stdout)
    assert answer["label"] == "glad"
    sample = sentiment.sample("a happy and lovely day", datasets.read_media("audio", voice))
    (direct,) = Pipeline.load(out).predict([sample])
    both = json.loads(
        run("predict", "--model", out, "--text", "a happy and lovely day", "--audio", voice, "--json").stdout
    )
    assert both["probabilities"][direct.label] == pytest.approx(direct.probs.max(), abs=1e-6)


def test_a_trained_model_is_never_overwritten(manifest, tmp_path):
    out = tmp_path / "mine.mmt"
    out.write_bytes(b"mine")
    refused(run("train", "sentiment", "--data", manifest, "--out", out), "never overwritten")
    assert out.read_bytes() == b"mine"


# predict


def test_each_side_alone_and_both(model, voice):
    asked = {"text": ("--text", "a happy and lovely day"), "audio": ("--audio", voice)}
    for names in (["text"], ["audio"], ["text", "audio"]):
        answer = predict(model, *(word for name in names for word in asked[name]))
        assert answer["label"] == "glad"
        assert sum(answer["probabilities"].values()) == pytest.approx(1)
        assert {name for name, value in answer["contributions"].items() if value} == set(names)


def test_a_vector_by_its_name(model, tmp_path):
    np.save(tmp_path / "f.npy", np.full(5, -1, np.float32))
    answer = predict(model, "--vector", f"face={tmp_path / 'f.npy'}")
    assert answer["label"] == "low"
    assert answer["contributions"]["face"] > 0
    shown = run("predict", "--model", model, "--vector", f"face={tmp_path / 'f.npy'}").stdout
    assert shown.startswith("low  ")


def test_a_vector_of_another_length_is_refused(model, tmp_path):
    np.save(tmp_path / "f.npy", np.zeros(9, np.float32))
    refused(run("predict", "--model", model, "--vector", f"face={tmp_path / 'f.npy'}"), "(9,)")


@pytest.mark.parametrize("option", ["face", "face=", "=f.npy", "="])
def test_a_vector_without_name_or_file_is_a_mistake_in_the_command(model, option):
    result = run("predict", "--model", model, "--vector", option)
    assert result.exit_code == 2
    assert "NAME=FILE" in result.stderr


def test_a_modality_that_the_model_does_not_know_is_said(model, tmp_path):
    np.save(tmp_path / "f.npy", np.zeros(3, np.float32))
    result = run("predict", "--model", model, "--text", "a sad and awful day", "--vector", f"nose={tmp_path / 'f.npy'}")
    assert result.exit_code == 0
    assert "knows no nose, only audio, face, text: it was left out" in result.stderr
    assert result.stdout.startswith("low")


def test_nothing_that_the_model_knows_is_refused(model, tmp_path):
    np.save(tmp_path / "f.npy", np.zeros(3, np.float32))
    result = run("predict", "--model", model, "--vector", f"nose={tmp_path / 'f.npy'}")
    assert result.exit_code == 1
    assert "none of the modalities audio, face, text" in result.stderr


def test_nothing_at_all_is_a_mistake_in_the_command(model):
    result = run("predict", "--model", model)
    assert result.exit_code == 2
    assert "give at least one" in result.stderr
