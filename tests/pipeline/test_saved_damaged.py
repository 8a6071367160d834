"""Files that are damaged, or no models."""

import io
import math
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy
import torch

pytestmark = pytest.mark.usefixtures("nothing_is_unpickled_or_run")


def test_no_file_and_a_folder_get_a_sentence(tmp_path, refused):
    refused(tmp_path / "nowhere", "there is no model at")
    refused(tmp_path, "there is no model at")


@pytest.mark.parametrize("share", [0, 1e-9, 0.001, 0.05, 0.3, 0.5, 0.9, 0.999])
def test_a_truncated_file(content, tmp_path, share, refused):
    path = tmp_path / "cut"
    path.write_bytes(content[: math.ceil(share * len(content))])
    refused(path, "is damaged or not a model")


def test_one_byte_less_and_one_byte_more(content, tmp_path, refused):
    for i, wrong in enumerate((content[:-1], content + b"\0", b"\0" + content)):
        path = tmp_path / str(i)
        path.write_bytes(wrong)
        refused(path)


def test_a_byte_flipped_anywhere(content, tmp_path, refused):
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


def test_files_of_other_kinds(tmp_path, refused):
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


def test_a_bomb_in_the_description_or_a_tensor_stays_a_string(changed, tmp_path, refused):
    trap = tmp_path / "sprung"
    text = pickle.dumps(Bomb(trap), protocol=0).decode("ascii")
    refused(changed(lambda d, t: d["branches"]["features"]["extractor"].update(name=text)), "no extractor is called")
    refused(changed(lambda d, t: t.update({text: np.zeros(1)})), "nothing needs its tensor")
    assert not trap.exists()


@pytest.mark.parametrize(
    "metadata", [None, {}, {"mmteach": ""}, {"mmteach": "0 [1]"}, {"mmteach": '0 {"format": 2}'}, {"other": "0 {}"}]
)
def test_tensors_of_somebody_else(tmp_path, metadata, refused):
    path = tmp_path / "theirs"
    path.write_bytes(safetensors.numpy.save({"fc.weight": np.zeros((3, 3))}, metadata))
    refused(path, "was not written by this version of mmteach")


@pytest.mark.parametrize("text", ["model", "{", '{"format": 1,}', "[" * 100_000, '{"a":' * 50_000, "9" * 10_000])
def test_a_description_that_is_not_json(changed, text, refused):
    refused(changed(lambda d, t: text), "is damaged or not a model")


def test_a_digest_that_is_missing_or_wrong(model_file, tmp_path, refused):
    with safetensors.safe_open(model_file, "numpy") as file:
        text = file.metadata()["mmteach"].split(" ", 1)[1]
        tensors = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118 - not a dict
    for i, digest in enumerate(("", " ", "0" * 64 + " ")):
        path = tmp_path / str(i)
        path.write_bytes(safetensors.numpy.save(tensors, {"mmteach": digest + text}))
        refused(path, "damaged" if digest == "" else "does not match its own digest")
