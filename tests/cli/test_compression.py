"""`mmteach evaluate compression` and `mmteach export`."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from mmteach.cases import sentiment
from mmteach.cases.studies import compression
from mmteach.cli import app
from mmteach.datasets import Dataset, Row


def reviews():
    said = {"bad": "awful dull broken", "good": "lovely bright great"}
    rows = [Row(f"r{i}", {"text": f"{said[y]} thing{i}"}, y, f"w{i % 6}") for i, y in enumerate(["bad", "good"] * 15)]
    return Dataset(rows, "made")


def ask(*words):
    return CliRunner().invoke(app, [str(w) for w in words])


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("mmteach.datasets.load", lambda name: reviews())
    monkeypatch.setattr(compression, "N_TIMES", 3)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    made, _ = sentiment.train(reviews(), epochs=2)
    return made.save(tmp_path_factory.mktemp("models") / "m.safetensors")


def test_json_is_one_object(quick):
    told = json.loads(ask("evaluate", "compression", "--data", "mine", "--epochs", 2, "--share", 0.8, "--json").stdout)
    assert told["share"] == 0.8
    assert "int8, 80 % pruned" in [r["model"] for r in told["rows"]]


def test_a_wrong_share_is_a_sentence_and_other_cases_are_as_before(quick):
    wrong = ask("evaluate", "compression", "--share", 1)
    assert wrong.exit_code == 1
    assert "share is 1" in wrong.output
    shown = " ".join(ask("evaluate", "--help").output.split())
    assert "evaluate compression --help" in shown
    assert "--protocol" in shown
    assert "--ratio" in ask("evaluate", "imbalance", "--help").output
    assert ask("evaluate", "nothing").exit_code == 2


def test_export_writes_compares_and_never_overwrites(model, tmp_path):
    pytest.importorskip("onnxruntime")
    out = tmp_path / "m.onnx"
    told = json.loads(ask("export", "--model", model, "--out", out, "--json").stdout)
    assert told["difference"] < 1e-4
    assert told["n_bytes"] == out.stat().st_size
    assert told["inputs"] == ["x.text", "mask.text", "present.text"]
    assert set(told["latency_ms"]) == {"PyTorch", "onnxruntime"}
    before = out.read_bytes()
    again = ask("export", "--model", model, "--out", out)
    assert again.exit_code == 1
    assert "never overwritten" in again.output
    assert out.read_bytes() == before


def test_what_says_something_else_is_taken_away_again(model, tmp_path, monkeypatch):
    from mmteach.cases.studies import exporting

    monkeypatch.setattr(exporting, "export_onnx", lambda net, example, out: out.write_bytes(b"wrong"))
    monkeypatch.setattr(exporting, "can_run", lambda: True)
    monkeypatch.setattr(exporting, "largest_difference", lambda *a: 0.5)
    wrong = ask("export", "--model", model, "--out", tmp_path / "m.onnx")
    assert wrong.exit_code == 1
    assert "5.0e-01" in wrong.output
    assert not (tmp_path / "m.onnx").exists()


def test_without_onnxruntime_it_says_that_nothing_was_compared(model, tmp_path, monkeypatch):
    from mmteach.cases.studies import exporting

    monkeypatch.setattr(exporting, "export_onnx", lambda net, example, out: out.write_bytes(b"graph"))
    monkeypatch.setattr(exporting, "can_run", lambda: False)
    told = ask("export", "--model", model, "--out", tmp_path / "m.onnx").output
    assert "Not compared: install onnxruntime" in told


def test_made_up_inputs_fit_the_model():
    from mmteach.cases.studies.exporting import made_up
    from mmteach.models import ModelSpec

    encoders = {"text": {"name": "bag", "n_tokens": 9}, "face": {"name": "mlp"}}
    batch = made_up(ModelSpec({"text": (-1, 2), "face": (3,)}, 2, encoders), 5, 4)
    assert {m: tuple(x.shape) for m, x in batch.x.items()} == {"face": (5, 3), "text": (5, 4, 2)}
    tokens = batch.x["text"][..., 0]
    assert np.array_equal(tokens, tokens.round())
    assert 0 <= tokens.min() <= tokens.max() < 9
    assert batch.mask["text"].any(dim=1).all()
