"""A model as ONNX says what the model says, of other numbers of samples and steps, and where a modality is missing."""

import importlib.util
from pathlib import Path

import pytest
import torch

from mmteach.batch import only
from mmteach.errors import ModelFileError, ParameterError
from mmteach.infer import export
from mmteach.models import ModelSpec, build_model
from mmteach.types import Batch

pytest.importorskip("onnxruntime")


def model():
    torch.manual_seed(0)
    encoders = {"audio": {"name": "mlp", "hidden": 6, "dim": 4}, "text": {"name": "bag", "dim": 3, "n_tokens": 20}}
    spec = ModelSpec({"audio": (5,), "text": (-1, 2)}, 3, encoders, {"name": "late"})
    made = build_model(spec).eval()
    for p in made.parameters():
        torch.nn.init.normal_(p)
    return made


def batch(n, steps, seed=0):
    g = torch.Generator().manual_seed(seed)
    tokens = torch.randint(0, 20, (n, steps, 1), generator=g).float()
    text = torch.cat([tokens, torch.rand(n, steps, 1, generator=g)], dim=2)
    mask = torch.arange(steps)[None] < torch.randint(1, steps + 1, (n, 1), generator=g)
    present = {m: torch.ones(n, dtype=torch.bool) for m in ("audio", "text")}
    return Batch(
        tuple(map(str, range(n))), {"audio": torch.randn(n, 5, generator=g), "text": text}, {"text": mask}, present
    )


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return export.export_onnx(model(), batch(3, 4), tmp_path_factory.mktemp("onnx") / "model.onnx")


@pytest.mark.parametrize(("n", "steps"), [(3, 4), (1, 1), (8, 11)])
def test_it_says_the_same_of_other_sizes(exported, n, steps):
    assert export.largest_difference(model(), exported, batch(n, steps, 5)) < 1e-4


def test_it_says_the_same_where_a_modality_is_missing(exported):
    for m in ("audio", "text"):
        assert export.largest_difference(model(), exported, only(batch(4, 3, 6), [m])) < 1e-4
    some = batch(4, 3, 7)
    some.present["text"][:2] = False
    assert export.largest_difference(model(), exported, some) < 1e-4


def test_another_model_is_told_from_it(exported):
    other = model()
    torch.nn.init.constant_(other.heads[0].linear.bias, 5.0)
    other.heads[0].linear.bias.data[0] = -5.0
    assert export.largest_difference(other, exported, batch(3, 4)) > 0.1


def test_inputs_have_names_in_a_fixed_order(exported):
    names = ["x.audio", "x.text", "mask.text", "present.audio", "present.text"]
    assert export.names_of(batch(2, 2)) == names
    assert {i.name for i in export.session(exported).get_inputs()} <= set(names)


def test_the_file_tells_nothing_of_the_machine_it_was_written_on(exported):
    content = exported.read_bytes()
    assert str(Path(export.__file__).parent).encode() not in content
    assert b"stack_trace" not in content


def test_nothing_is_overwritten_and_one_sample_is_too_few(exported, tmp_path):
    before = exported.read_bytes()
    with pytest.raises(ModelFileError, match="never overwritten"):
        export.export_onnx(model(), batch(3, 4), exported)
    assert exported.read_bytes() == before
    with pytest.raises(ParameterError, match="give two"):
        export.export_onnx(model(), batch(1, 4), tmp_path / "one.onnx")


def test_a_missing_package_is_a_sentence_that_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ParameterError, match=r"onnx and onnxscript.*pip install mmteach\[export\]"):
        export.export_onnx(model(), batch(2, 2), tmp_path / "m.onnx")
    with pytest.raises(ParameterError, match="onnxruntime needed"):
        export.session(tmp_path / "m.onnx")
    assert not export.can_run()


def test_what_has_no_counterpart_is_a_sentence(tmp_path):
    class Branching(torch.nn.Module):
        def forward(self, b):
            if b.x["audio"].sum() > 0:
                return b
            return None

    with pytest.raises(ParameterError, match="cannot be written as ONNX"):
        export.export_onnx(Branching(), batch(2, 2), tmp_path / "m.onnx")
    assert not (tmp_path / "m.onnx").exists()
