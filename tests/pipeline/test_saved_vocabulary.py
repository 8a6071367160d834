"""Saved pipelines that read texts and recordings, whose content does not fit: each is refused in a sentence."""
# ruff: noqa: F811 - fixtures are imported

import json
import re
import sys
import time

import numpy as np
import pytest
import safetensors
import safetensors.numpy

from mmteach.pipeline import Pipeline, saved
from tests.pipeline.test_saved_hostile import put, remove
from tests.pipeline.test_sequences import model_file, spoken_samples, trained  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("nothing_is_unpickled_or_run")


VOCABULARY, IDF = "extractor/bag/vocabulary", "extractor/bag/idf"
BAG, WORDS = ("branches", "bag"), ("branches", "words")


def as_bytes(words):
    return np.frombuffer("\n".join(words).encode(), np.uint8).copy()


def vocabulary(change, key=VOCABULARY):
    """Make a change that alters the list of words."""

    def of(description, tensors):
        tensors[key] = as_bytes(change(tensors[key].tobytes().decode().split("\n")))

    return of


def shorter(description, tensors):
    """One n-gram less, and its weight: only the encoder's table knows that it is missing."""
    vocabulary(lambda words: words[:-1])(description, tensors)
    tensors[IDF] = tensors[IDF][:-1]


def longer(description, tensors):
    vocabulary(lambda words: [*words, "zz"])(description, tensors)
    tensors[IDF] = np.append(tensors[IDF], np.float32(1))


def table_too(description, tensors):
    """The description fits the longer vocabulary as well; the table of embeddings does not."""
    longer(description, tensors)
    description["spec"]["encoders"]["bag"]["n_tokens"] += 1


def not_utf8(description, tensors):
    tensors[VOCABULARY][3] = 0xFF


def set_tensor(key, change):
    def of(description, tensors):
        tensors[key] = change(tensors[key])

    return of


def with_value(value):
    def of(array):
        array[0] = value
        return array

    return of


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (shorter, "the vocabulary of bag does not fit its encoder"),
        (longer, "the vocabulary of bag does not fit its encoder"),
        (table_too, "should be"),
        (vocabulary(lambda words: words[:-1]), "do not fit weights"),
        (
            vocabulary(lambda words: [*words, "zz"], "extractor/words/vocabulary"),
            "the vocabulary of words does not fit",
        ),
        (vocabulary(lambda words: [words[0], *words[:-1]]), "one word twice"),
        (vocabulary(lambda words: ["", *words[1:]]), "an empty word"),
        (not_utf8, "not UTF-8"),
        (set_tensor(VOCABULARY, lambda a: a.astype(np.float32)), "uint8 in one row"),
        (set_tensor(VOCABULARY, lambda a: a[None]), "uint8 in one row"),
        (set_tensor(VOCABULARY, lambda a: a[:0]), "an empty word"),
        (lambda d, t: t.pop(VOCABULARY), "nothing came"),
        (lambda d, t: t.pop(IDF), "do not fit weights"),
        (set_tensor(IDF, lambda a: -a), "not a positive number"),
        (set_tensor(IDF, lambda a: 0 * a), "not a positive number"),
        (set_tensor(IDF, with_value(np.nan)), "not a positive number"),
        (set_tensor(IDF, with_value(np.inf)), "not a positive number"),
        (set_tensor(IDF, lambda a: a.astype(np.int32)), "do not fit weights"),
        (set_tensor(IDF, lambda a: a[:, None]), "do not fit weights"),
        (put("spec", "encoders", "bag", "n_tokens", value=10**12), "the vocabulary of bag does not fit its encoder"),
        (put("spec", "encoders", "bag", "n_tokens", value=10**8), "the vocabulary of bag does not fit its encoder"),
        (put("spec", "encoders", "bag", "n_tokens", value=0), "the vocabulary of bag does not fit its encoder"),
        (put("spec", "encoders", "bag", "n_tokens", value=True), "the vocabulary of bag does not fit its encoder"),
        (remove("spec", "encoders", "bag", "n_tokens"), "the vocabulary of bag does not fit its encoder"),
        (put("spec", "encoders", "voice", "n_tokens", value=10), "cannot be built"),
        (put("spec", "encoders", "bag", "dim", value=10**12), "asks for 1000000000000"),
        (put("spec", "encoders", "bag", "dim", value=10**8), "should be"),
        (put("spec", "encoders", "bag", "dim", value=-1), ""),
        (put("spec", "encoders", "bag", "dim", value="4"), ""),
        (put("spec", "encoders", "bag", "name", value="words"), ""),
        (put("spec", "encoders", "bag", "name", value="gru"), ""),
        (put("spec", "encoders", "clip", "channels", value=[10**8]), ""),
        (put("spec", "encoders", "clip", "channels", value=[]), ""),
        (put("spec", "encoders", "clip", "channels", value=7), ""),
        (put("spec", "shapes", "clip", value=[-1, 10**9]), "1000000000"),
        (put("spec", "shapes", "bag", value=[]), "bag has features of shape ()"),
        (put("spec", "shapes", "bag", value=[10**6, 10**6, 2]), "bag has features of shape (1000000, 1000000, 2)"),
        (put("branches", "voice", "augment", value={"name": "Explode"}), "no augmentation is called 'Explode'"),
        (put("branches", "voice", "augment", value={"name": ["Speed"]}), ""),
        (put("branches", "voice", "augment", value={"name": "Speed", "strange": 1}), "strange"),
        (put(*BAG, "steps", 0, "name", value="Explode"), "no preprocessing step is called 'Explode'"),
        (put(*BAG, "steps", 1, "params", value={"form": "NFX"}), "form is 'NFX'"),
        (put(*BAG, "steps", 1, "params", value={"form": ["NFKC"]}), ""),
        (put(*BAG, "steps", 1, "params", value=None), ""),
        (put(*BAG, "extractor", "params", "words", value="x"), ""),
        (put(*BAG, "extractor", "params", "words", value=None), ""),
        (put(*BAG, "extractor", "params", "words", value=10**9), "words is 1000000000"),
        (put(*BAG, "extractor", "params", "words", value=2.5), "words is 2.5"),
        (put(*BAG, "extractor", "params", "words", value=[2]), ""),
        (put(*BAG, "extractor", "params", "characters", value="x"), ""),
        (put(*BAG, "extractor", "params", "characters", value=10**9), "characters is 1000000000"),
        (put(*BAG, "extractor", "params", "most", value=10**12), "most is 1000000000000"),
        (put(*BAG, "extractor", "params", "strange", value=1), "strange"),
        (put(*BAG, "extractor", "params", value=[]), ""),
        (put(*BAG, "extractor", "name", value="voice_statistics"), ""),
        (put(*WORDS, "extractor", "params", "length", value=10**12), "length is 1000000000000"),
        (put(*WORDS, "extractor", "params", "length", value="all"), ""),
        (put("branches", "voice", "extractor", "params", "parts", value="mfcc"), "parts are 'mfcc'"),
        (put("branches", "voice", "extractor", "params", "parts", value=[]), "parts are []"),
        (put("branches", "voice", "extractor", "params", "parts", value=["soul"]), "parts are ['soul']"),
        (put("branches", "voice", "extractor", "params", "parts", value=[["mfcc"]]), ""),
        (put("branches", "voice", "extractor", "params", "parts", value=7), ""),
        (put("branches", "voice", "steps", 0, "params", "sample_rate", value=10**12), "sample_rate is 1000000000000"),
        (put("branches", "voice", "steps", 0, "params", "sample_rate", value="16"), ""),
        (put("branches", "voice", "steps", 1, "params", "top_db", value="x"), ""),
        (put("branches", "voice", "steps", 1, "params", "frame_length", value=10**12), "frame_length"),
        (put("branches", "clip", "steps", 3, "params", "seconds", value=10**9), "seconds is 1000000000"),
        (put("branches", "clip", "steps", 3, "params", "seconds", value=None), ""),
        (put("branches", "clip", "steps", 2, "params", "rms_db", value=10**9), "rms_db is 1000000000"),
        (put("branches", "clip", "extractor", "params", "n_mels", value=10**9), ""),
        (put("branches", "clip", "extractor", "params", "n_fft", value=10**12), ""),
        (put("branches", "clip", "extractor", "params", "hop_length", value=0), ""),
        (put("branches", "clip", "extractor", "params", "n_mels", value="x"), ""),
    ],
)
def test_what_does_not_fit_is_refused_soon(changed, refused, change, words):
    path, start = changed(change), time.process_time()
    refused(path, re.escape(words))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "change",
    [
        put("spec", "encoders", "bag", "scale", value="x"),
        put("spec", "encoders", "bag", "scale", value=None),
        put("spec", "encoders", "bag", "dropout", value=7),
        put("spec", "encoders", "bag", "dropout", value="x"),
        put("spec", "encoders", "words", "dropout", value="x"),
        put("spec", "shapes", "bag", value=[-1, 7]),
        put("spec", "shapes", "words", value=[-1, 7]),
    ],
)
def test_arguments_of_text_encoders_are_looked_at(changed, refused, change):
    refused(changed(change))


def test_a_trained_model_is_changed_by_nothing_else(changed, trained):
    again = Pipeline.load(changed(lambda d, t: None))
    sample = spoken_samples(1)
    np.testing.assert_array_equal(again.predict(sample)[0].probs, trained.predict(sample)[0].probs)


def small_file_asking_for_much(trained, path):
    """Two words known, and a table of embeddings for a hundred million of a hundred million numbers each."""
    described = json.loads(json.dumps(saved._describe(trained, trained.spec)))
    described["branches"] = {"bag": described["branches"]["bag"]}
    described["spec"]["shapes"] = {"bag": [-1, 2]}
    described["spec"]["encoders"] = {"bag": {"name": "bag", "dim": 10**8, "n_tokens": 2}}
    tensors = {VOCABULARY: as_bytes(["a", "b"]), IDF: np.ones(2, np.float32)}
    text = json.dumps(described)
    path.write_bytes(safetensors.numpy.save(tensors, {"mmteach": f"{saved._digest(text, tensors)} {text}"}))
    assert path.stat().st_size < 10_000
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="resource is not on Windows")
def test_a_small_file_that_asks_for_much_memory_gets_none(changed, trained, tmp_path, refused):
    import resource

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)

    def many(description, tensors):
        description["spec"]["encoders"]["bag"] |= {"dim": 10**8}

    huge, small = changed(many), small_file_asking_for_much(trained, tmp_path / "small")
    refused(huge, "should be")
    before = peak()
    refused(huge)
    refused(small, "should be")
    assert peak() - before < 50  # megabytes
