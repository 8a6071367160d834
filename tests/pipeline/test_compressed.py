"""A pipeline with compressed weights: saved smaller, and loaded to the very same answers."""

import numpy as np
import pytest
import torch
from safetensors import safe_open

from mmteach.errors import ModelFileError, NotFittedError
from mmteach.pipeline import Pipeline

pytestmark = pytest.mark.usefixtures("nothing_is_unpickled_or_run")


def probs(pipeline, samples):
    return np.stack([p.probs for p in pipeline.predict(samples)])


@pytest.mark.parametrize("bits", [8, 4, None])
@pytest.mark.parametrize("share", [0.0, 0.6])
def test_it_loads_to_the_same_answers_and_the_same_bytes(trained, make_samples, tmp_path, bits, share):
    small, samples = trained.compress(bits, share), make_samples(9, seed=8)
    file = small.save(tmp_path / "small")
    again = Pipeline.load(file)
    np.testing.assert_array_equal(probs(small, samples), probs(again, samples))
    assert again.save(tmp_path / "again").read_bytes() == file.read_bytes()
    assert (again.classes, again.temperature, again.threshold) == (
        trained.classes, trained.temperature, trained.threshold,
    )  # fmt: skip


def test_the_pipeline_itself_is_not_touched(trained, make_samples):
    before, samples = probs(trained, make_samples()), make_samples()
    trained.compress(2, 0.9)
    np.testing.assert_array_equal(probs(trained, samples), before)
    assert trained.packed == {}


def test_int8_stands_in_the_file_and_the_floats_do_not(trained, tmp_path):
    with safe_open(trained.compress(8).save(tmp_path / "small"), "numpy") as file:
        whole = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118 - not a dict
    packed = [k for k in whole if k.startswith("packed/")]
    assert {whole[k].dtype for k in packed if k.endswith("/values")} == {np.dtype(np.int8)}
    assert not {k.split("/")[1] for k in packed} & {k.removeprefix("model/") for k in whole}


def test_what_is_trained_further_is_saved_as_it_is_now(trained, make_samples, tmp_path):
    small, samples = trained.compress(8, 0.5), make_samples(6, seed=3)
    with torch.no_grad():
        for weight in small.model.parameters():
            weight.add_(0.01)
    again = Pipeline.load(small.save(tmp_path / "further"))
    np.testing.assert_array_equal(probs(small, samples), probs(again, samples))
    assert again.packed == {}


def test_fitting_anew_forgets_what_was_compressed(trained, make_samples):
    small = trained.compress(8)
    small.fit(make_samples())
    assert small.packed == {}


def test_there_is_nothing_to_compress_before_training(make_pipeline):
    with pytest.raises(NotFittedError, match="has not been trained"):
        make_pipeline().compress()


def test_parts_that_nothing_needs_or_that_are_missing_are_a_sentence(trained, tmp_path):
    from mmteach.pipeline.compressed import from_arrays, to_arrays

    arrays, described = to_arrays(trained.compress(8, 0.5))
    first = next(iter(described))
    with pytest.raises(ModelFileError, match="nothing needs"):
        from_arrays(arrays, {k: v for k, v in described.items() if k != first})
    with pytest.raises(ModelFileError, match="parts"):
        from_arrays({k: a for k, a in arrays.items() if not k.endswith("/values")}, described)
