import json
from pathlib import Path

import numpy as np
import pytest
import torch

from mmteach.errors import ModelFileError, NotFittedError
from mmteach.pipeline import Pipeline

pytestmark = pytest.mark.usefixtures("nothing_is_unpickled_or_run")


def test_what_is_loaded_says_exactly_what_was_saved(trained, model_file, make_samples):
    again, samples = Pipeline.load(model_file), make_samples(9, seed=8)
    for one, other in zip(trained.predict(samples), again.predict(samples), strict=True):
        np.testing.assert_array_equal(one.probs, other.probs)
        assert (one.label, one.contributions) == (other.label, other.contributions)
    np.testing.assert_array_equal(trained.embed(samples), again.embed(samples))


def test_everything_comes_back(trained, model_file):
    again = Pipeline.load(model_file)
    for name in ("classes", "temperature", "threshold", "recipe", "views", "fusion", "head"):
        assert getattr(again, name) == getattr(trained, name), name
    assert json.dumps(again.spec.to_json(), sort_keys=True) == json.dumps(trained.spec.to_json(), sort_keys=True)
    for m, branch in trained.branches.items():
        other = again.branches[m]
        assert (other.source, other.steps, other.augment) == (branch.source, branch.steps, branch.augment)
        assert other.extractor.params() == branch.extractor.params()
        assert (other.scale and other.scale.by) == (branch.scale and branch.scale.by)
    assert again.threshold == 0.42


@pytest.mark.parametrize(("scale", "fusion"), [("group", "late"), (None, "concat")])
def test_other_pipelines_come_back_too(make_pipeline, make_samples, tmp_path, scale, fusion):
    pipeline = make_pipeline(scale, fusion, epochs=1)
    pipeline.fit(make_samples())
    again = Pipeline.load(pipeline.save(tmp_path / "folder" / "deeper" / "model"))
    for one, other in zip(pipeline.predict(make_samples()), again.predict(make_samples()), strict=True):
        np.testing.assert_array_equal(one.probs, other.probs)


def test_a_loaded_model_saves_to_the_same_bytes(model_file, content, tmp_path):
    assert Pipeline.load(model_file).save(tmp_path / "again").read_bytes() == content


def test_a_loaded_model_can_be_trained_further(model_file, make_samples):
    again = Pipeline.load(model_file)
    again.fit(make_samples())
    assert len(again.predict(make_samples(3))) == 3
    (bare,) = {type(p) for p in Pipeline.load(model_file).model.parameters()}
    assert bare is torch.nn.Parameter


@pytest.mark.filterwarnings("error")
def test_loading_warns_of_nothing_and_the_numbers_are_its_own(model_file, content):
    again = Pipeline.load(model_file)
    with torch.no_grad():
        for parameter in again.model.parameters():
            parameter.add_(1)
    assert model_file.read_bytes() == content


def test_a_file_that_is_there_is_never_overwritten(trained, tmp_path):
    path = tmp_path / "mine"
    path.write_text("a year of work", encoding="utf-8")
    with pytest.raises(ModelFileError, match="never overwritten: choose another name"):
        trained.save(path)
    with pytest.raises(ModelFileError, match="never overwritten"):
        trained.save(tmp_path)  # a folder
    assert path.read_text(encoding="utf-8") == "a year of work"
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_a_folder_that_cannot_be_written_gets_a_sentence(trained, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ModelFileError, match=r"cannot be written .*: choose another folder"):
        trained.save(tmp_path / "file" / "model")


def test_a_disk_that_fills_up_leaves_no_half_a_model(trained, tmp_path, monkeypatch):
    def full(self, content):
        with self.open("wb") as file:
            file.write(content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ModelFileError, match="No space left"):
        trained.save(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_trained_cannot_be_saved(make_pipeline, tmp_path):
    with pytest.raises(NotFittedError):
        make_pipeline().save(tmp_path / "model")
