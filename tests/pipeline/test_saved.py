import io
import json
import math
import pickle
import re
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy
import torch

from mmteach.errors import ModelFileError, NotFittedError
from mmteach.pipeline import Pipeline, saved


@pytest.fixture(scope="session")
def model_file(trained, tmp_path_factory):
    """Where the trained pipeline is saved."""
    trained.threshold = 0.42
    return trained.save(tmp_path_factory.mktemp("model") / "faces.mmteach")


@pytest.fixture(scope="session")
def content(model_file):
    return model_file.read_bytes()


@pytest.fixture(autouse=True)
def nothing_is_unpickled_or_run(monkeypatch):
    """Whatever a file holds, none of the ways in which Python runs what it reads is taken."""

    def refuse(*args, **kwargs):
        raise SystemExit("something in the file was run")

    for name in ("pickle.load", "pickle.loads", "pickle.Unpickler", "torch.load", "builtins.eval", "joblib.load"):
        monkeypatch.setattr(name, refuse)


@pytest.fixture
def changed(model_file, tmp_path):
    """Write the model anew with another description or other tensors, and a digest that fits them."""

    def write(change):
        with safetensors.safe_open(model_file, "numpy") as file:
            description = json.loads(file.metadata()["mmteach"].split(" ", 1)[1])
            tensors = {k: file.get_tensor(k).copy() for k in file.keys()}  # noqa: SIM118 - not a dict
        text = change(description, tensors)
        text = text if isinstance(text, str) else json.dumps(description)
        path = tmp_path / "changed.mmteach"
        path.write_bytes(safetensors.numpy.save(tensors, {"mmteach": f"{saved._digest(text, tensors)} {text}"}))
        return path

    return write


def refused(path, words=""):
    """One clear sentence that begins with the file, and no more."""
    with pytest.raises(ModelFileError, match=words or None) as caught:
        Pipeline.load(path)
    said = str(caught.value)
    assert said.startswith(str(path)) or f"no model at {path}" in said
    assert "\n" not in said
    assert len(said) < len(str(path)) + 500
    return said


# a good file


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


# files that are damaged, or no models


def test_no_file_and_a_folder_get_a_sentence(tmp_path):
    refused(tmp_path / "nowhere", "there is no model at")
    refused(tmp_path, "there is no model at")


@pytest.mark.parametrize("share", [0, 1e-9, 0.001, 0.05, 0.3, 0.5, 0.9, 0.999])
def test_a_truncated_file(content, tmp_path, share):
    path = tmp_path / "cut"
    path.write_bytes(content[: math.ceil(share * len(content))])
    refused(path, "is damaged or not a model")


def test_one_byte_less_and_one_byte_more(content, tmp_path):
    for i, wrong in enumerate((content[:-1], content + b"\0", b"\0" + content)):
        path = tmp_path / str(i)
        path.write_bytes(wrong)
        refused(path)


def test_a_byte_flipped_anywhere(content, tmp_path):
    header = 8 + int.from_bytes(content[:8], "little")
    rng, path = np.random.default_rng(0), tmp_path / "flipped"
    places = [*range(8), *rng.integers(8, header - 8, 40), *rng.integers(header, len(content), 40)]
    for place in places:
        wrong = bytearray(content)
        wrong[place] ^= 1 << rng.integers(8)
        path.write_bytes(wrong)
        refused(path)


class Bomb:
    """Would leave a file behind if it were unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_files_of_other_kinds(tmp_path):
    trap = tmp_path / "sprung"
    pickled, zipped, by_torch = pickle.dumps(Bomb(trap)), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("data.pkl", pickled)
    torch.save({"model": Bomb(trap)}, by_torch)
    others = {
        "pickle": pickled,
        "zip": zipped.getvalue(),
        "torch": by_torch.getvalue(),
        "text": b"epoch 1 loss 0.3",
        "json": b'{"format": 1}',
        "html": b"<html>404</html>" * 99,
        "zeros": bytes(1000),
        "ones": b"\xff" * 1000,
        "length": (2**63).to_bytes(8, "little") + b"{}",
    }
    for name, wrong in others.items():
        path = tmp_path / name
        path.write_bytes(wrong)
        refused(path, "is damaged or not a model")
    assert not trap.exists()


def test_a_bomb_in_the_description_or_a_tensor_stays_a_string(changed, tmp_path):
    trap = tmp_path / "sprung"
    text = pickle.dumps(Bomb(trap), protocol=0).decode("ascii")
    refused(changed(lambda d, t: d["branches"]["features"]["extractor"].update(name=text)), "no extractor is called")
    refused(changed(lambda d, t: t.update({text: np.zeros(1)})), "nothing needs its tensor")
    assert not trap.exists()


@pytest.mark.parametrize(
    "metadata", [None, {}, {"mmteach": ""}, {"mmteach": "0 [1]"}, {"mmteach": '0 {"format": 2}'}, {"other": "0 {}"}]
)
def test_tensors_of_somebody_else(tmp_path, metadata):
    path = tmp_path / "theirs"
    path.write_bytes(safetensors.numpy.save({"fc.weight": np.zeros((3, 3))}, metadata))
    refused(path, "was not written by this version of mmteach")


@pytest.mark.parametrize("text", ["model", "{", '{"format": 1,}', "[" * 100_000, '{"a":' * 50_000, "9" * 10_000])
def test_a_description_that_is_not_json(changed, text):
    refused(changed(lambda d, t: text), "is damaged or not a model")


def test_a_digest_that_is_missing_or_wrong(model_file, tmp_path):
    with safetensors.safe_open(model_file, "numpy") as file:
        text = file.metadata()["mmteach"].split(" ", 1)[1]
        tensors = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118 - not a dict
    for i, digest in enumerate(("", " ", "0" * 64 + " ")):
        path = tmp_path / str(i)
        path.write_bytes(safetensors.numpy.save(tensors, {"mmteach": digest + text}))
        refused(path, "damaged" if digest == "" else "does not match its own digest")


# files whose digest fits, and whose content does not


def put(*keys, value):
    """Make a change that sets one place of the description."""

    def change(description, tensors):
        for key in keys[:-1]:
            description = description[key]
        description[keys[-1]] = value

    return change


def remove(*keys):
    def change(description, tensors):
        for key in keys[:-1]:
            description = description[key]
        del description[keys[-1]]

    return change


IMAGE, FEATURES = ("branches", "image"), ("branches", "features")
PART = (*FEATURES, "extractor", "params", "parts", 0)
DEEP = {"name": "join", "params": {"parts": []}}
for _ in range(200):
    DEEP = {"name": "join", "params": {"parts": [DEEP]}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("spec", "n_classes", value=10**9), "3 different names for 1000000000 classes"),
        (put("spec", "n_classes", value="3"), ""),
        (put("spec", "n_classes", value=3.5), "3 different names for 3.5"),
        (put("spec", "encoders", "features", "hidden", value=10**12), "asks for 1000000000000"),
        (put("spec", "encoders", "features", "hidden", value=10**8), "should be"),
        (put("spec", "encoders", "features", "hidden", value=9), "should be"),
        (put("spec", "encoders", "features", "hidden", value=-1), "cannot be built"),
        (put("spec", "encoders", "features", "hidden", value=True), ""),
        (put("spec", "encoders", "features", "dropout", value=7), "cannot be built"),
        (put("spec", "encoders", "image", "channels", value=[10**8, 10**8]), "should be"),
        (put("spec", "encoders", "image", "channels", value=[]), "cannot be built"),
        (put("spec", "encoders", "image", "channels", value=[1] * 10_000), "too small for 10000 halvings"),
        (put("spec", "encoders", "image", "name", value="__reduce__"), "'__reduce__'; known are"),
        (put("spec", "encoders", "image", "name", value=["mlp"]), ""),
        (put("spec", "encoders", "image", value=[]), ""),
        (put("spec", "encoders", value={}), ""),
        (put("spec", "fusion", "name", value="os.system"), "'os.system'; known are"),
        (put("spec", "fusion", "__class__", value="os.system"), "cannot be built"),
        (put("spec", "head", "name", value="cosine"), "should be"),
        (put("spec", "shapes", "landmarks", value=[10**9]), "does not fit features of shape (1000000000,)"),
        (put("spec", "shapes", value=[]), ""),
        (put("spec", "shapes", "landmarks", value=["a"]), ""),
        (put("spec", "shapes", "landmarks", value=7), ""),
        (put("spec", "shapes", "landmarks", value=[]), ""),
        (put("spec", "shapes", "image", value=[10**9, 8, 8]), "asks for 1000000000"),
        (put("spec", "shapes", "sound", value=[3]), "branches that fit no encoder"),
        (remove("spec", "shapes", "image"), ""),
        (remove("spec"), "'spec'"),
        (put("spec", value=None), ""),
        (put("classes", value=["ann", "bob"]), "2 different names for 3 classes"),
        (put("classes", value=["ann", "ann", "bob"]), "2 different names for 3 classes"),
        (put("classes", value=7), ""),
        (put("temperature", value=-1.0), "temperature -1.0"),
        (put("temperature", value=0), "temperature 0"),
        (put("temperature", value=math.nan), "temperature nan"),
        (put("temperature", value="hot"), "hot"),
        (put("temperature", value=None), ""),
        (lambda d, t: json.dumps(d).replace('"temperature": ', '"temperature": 1e999, "x": '), "temperature inf"),
        (put("threshold", value=math.nan), "threshold nan"),
        (put("recipe", "epochs", value=10**9), "epochs is 1000000000"),
        (put("recipe", "__reduce__", value="boom"), "__reduce__"),
        (put("recipe", "loss", value="__reduce__"), "loss is '__reduce__'"),
        (put("recipe", "learning_rate", value=math.nan), "learning_rate is nan"),
        (put("recipe", value=[]), ""),
        (put("branches", value=[]), ""),
        (put("branches", "sound", value={}), "branches that fit no encoder"),
        (remove("branches", "image"), "branches that fit no encoder"),
        (put(*IMAGE, "steps", 0, "name", value="Explode"), "no preprocessing step is called 'Explode'"),
        (put(*IMAGE, "steps", 0, "name", value="__reduce__"), "no preprocessing step is called '__reduce__'"),
        (put(*IMAGE, "steps", 0, "params", value={"x": 1}), ""),
        (put(*IMAGE, "steps", 2, "params", "height", value=10**9), "1000000000 x 16"),
        (put(*IMAGE, "steps", 2, "params", "height", value="16"), ""),
        (put(*IMAGE, "steps", 3, "params", "std", value=0), "std 0"),
        (put(*IMAGE, "steps", 3, "params", "mean", value=math.nan), "mean is nan"),
        (put(*IMAGE, "steps", value=5), ""),
        (put(*IMAGE, "augment", "rotate", value=10**9), "rotate is 1000000000"),
        (put(*IMAGE, "augment", value="yes"), ""),
        (put(*IMAGE, "scale", value="world"), "by is 'world'"),
        (put(*IMAGE, "scale", value="train"), "'mean'"),
        (put(*IMAGE, "extractor", "name", value="surf"), "no extractor is called 'surf'"),
        (put(*IMAGE, "extractor", "name", value="__reduce__"), "no extractor is called '__reduce__'"),
        (put(*IMAGE, "extractor", "name", value="a\nb" * 10_000), "no extractor is called"),
        (put(*IMAGE, "extractor", "params", value={"self": 1}), ""),
        (put(*FEATURES, "scale", value=None), "nothing needs its tensor 'scale/features/"),
        (put(*FEATURES, "extractor", value=DEEP), ""),
        (put(*PART, "params", "cell", value=0), "cell is 0"),
        (put(*PART, "name", value="pretrained"), ""),
        (put(*FEATURES, "extractor", "params", "parts", value=[]), "at least one"),
        (
            put(*FEATURES, "extractor", "params", "parts", 1, "params", "orientations", value=10**9),
            "orientations is 1000",
        ),
    ],
)
def test_a_description_that_does_not_fit(changed, change, words):
    refused(changed(change), re.escape(words) if words else "")


def tensor(name, change):
    def of(description, tensors):
        (key,) = [k for k in tensors if k.endswith(name)] if name not in tensors else [name]
        tensors[key] = change(tensors[key])

    return of


def with_nan(a):
    a.flat[0] = np.nan
    return a


HEAD = "model/head.linear.bias"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d, t: t.pop(HEAD), "head.linear.bias"),
        (lambda d, t: t.update({"model/extra": np.zeros(3, np.float32)}), "tensor 'extra' should be None"),
        (lambda d, t: t.update({"extra": np.zeros(3)}), "nothing needs its tensor 'extra'"),
        (
            lambda d, t: t.update({"extractor/image/mean": np.zeros(3)}),
            "nothing needs its tensor 'extractor/image/mean'",
        ),
        (lambda d, t: t.pop("scale/features/mean"), "'mean'"),
        (lambda d, t: t.pop("extractor/features/2.components"), "'components'"),
        (lambda d, t: t.clear(), ""),
        (tensor(HEAD, lambda a: a.astype(np.float64)), "float64"),
        (tensor(HEAD, lambda a: a.astype(np.int32)), "int32"),
        (tensor(HEAD, lambda a: a.astype(np.float16)), "float16"),
        (tensor(HEAD, lambda a: a[:2]), "(2,)"),
        (tensor(HEAD, lambda a: a[None]), "(1, 3)"),
        (tensor(HEAD, with_nan), "not finite"),
        (tensor("scale/features/mean", with_nan), "not finite"),
        (tensor("scale/features/mean", lambda a: a[:-1]), "do not fit"),
        (tensor("scale/features/std", lambda a: 0 * a), "do not fit"),
        (tensor("extractor/features/2.mean", lambda a: a[:-1]), "do not fit"),
    ],
)
def test_tensors_that_do_not_fit(changed, change, words):
    refused(changed(change), re.escape(words))


def test_a_scaling_of_another_width(changed):
    def narrower(description, tensors):
        for key in ("scale/landmarks/mean", "scale/landmarks/std"):
            tensors[key] = tensors[key][:-1]

    refused(changed(narrower), "the scaling of landmarks does not fit features of shape")


def test_numbers_that_numpy_does_not_know(content, tmp_path):
    """bfloat16 is a fine type for torch, and none for numpy."""
    header = 8 + int.from_bytes(content[:8], "little")
    text = content[8:header].decode().replace('"dtype":"F32","shape":[3],', '"dtype":"BF16","shape":[6],', 1)
    wrong = text.encode()
    path = tmp_path / "bfloat16"
    path.write_bytes(len(wrong).to_bytes(8, "little") + wrong + content[header:])
    refused(path)


@pytest.mark.skipif(sys.platform == "win32", reason="resource is not on Windows")
def test_a_file_that_asks_for_much_memory_gets_none(changed):
    import resource

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)

    huge = changed(put("spec", "encoders", "features", "hidden", value=10**8))  # layers of more than 100 gigabytes
    refused(huge)
    before = peak()
    refused(huge)
    wide = changed(put("spec", "encoders", "image", "channels", value=[10**6, 10**6]))
    refused(wide)
    assert peak() - before < 50  # megabytes


def test_no_description_is_changed_by_accident(changed, trained, make_samples):
    """The tool of these tests is sound: a change of nothing loads, and predicts the same."""
    again = Pipeline.load(changed(lambda d, t: None))
    np.testing.assert_array_equal(again.predict(make_samples(1))[0].probs, trained.predict(make_samples(1))[0].probs)
