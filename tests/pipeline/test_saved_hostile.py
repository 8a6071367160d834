"""Files whose digest fits, and whose content does not."""

import json
import math
import re
import sys

import numpy as np
import pytest

from mmteach.pipeline import Pipeline

pytestmark = pytest.mark.usefixtures("nothing_is_unpickled_or_run")


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
def test_a_description_that_does_not_fit(changed, change, words, refused):
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
def test_tensors_that_do_not_fit(changed, change, words, refused):
    refused(changed(change), re.escape(words))


def test_a_scaling_of_another_width(changed, refused):
    def narrower(description, tensors):
        for key in ("scale/landmarks/mean", "scale/landmarks/std"):
            tensors[key] = tensors[key][:-1]

    refused(changed(narrower), "the scaling of landmarks does not fit features of shape")


def test_numbers_that_numpy_does_not_know(content, tmp_path, refused):
    """bfloat16 is a fine type for torch, and none for numpy."""
    header = 8 + int.from_bytes(content[:8], "little")
    text = content[8:header].decode().replace('"dtype":"F32","shape":[3],', '"dtype":"BF16","shape":[6],', 1)
    wrong = text.encode()
    path = tmp_path / "bfloat16"
    path.write_bytes(len(wrong).to_bytes(8, "little") + wrong + content[header:])
    refused(path)


@pytest.mark.skipif(sys.platform == "win32", reason="resource is not on Windows")
def test_a_file_that_asks_for_much_memory_gets_none(changed, refused):
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
