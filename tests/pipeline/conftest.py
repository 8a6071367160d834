import json

import numpy as np
import pytest
import safetensors
import safetensors.numpy
import torch

from mmteach.errors import ModelFileError
from mmteach.features import HOG, LBP, Eigenfaces, Join, Landmarks, Pixels
from mmteach.pipeline import Branch, Pipeline, saved
from mmteach.preprocess import Grey, Resize, Standardise, Upright
from mmteach.preprocess.augment import RandomView
from mmteach.train import Recipe
from mmteach.types import Image, Sample

CLASSES = ("ann", "bob", "cyd")


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Tiny models gain nothing from several cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True, scope="session")
def cache_folder(tmp_path_factory):
    """Features are kept in a folder of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MMTEACH_CACHE", str(tmp_path_factory.mktemp("features")))
        yield


@pytest.fixture(scope="session")
def make_samples():
    """Make n samples: a photo whose bright corner and a face whose shape tell who it is."""

    def make(n: int = 12, seed: int = 0) -> list[Sample]:
        rng, samples = np.random.default_rng(seed), []
        shapes = np.random.default_rng(99).normal(0, 10, (3, 5, 2))
        for i in range(n):
            who = i % 3
            pixels = rng.integers(0, 120, (20, 24, 3), dtype=np.uint8)
            pixels[10 * (who % 2) :, 12 * (who // 2) :][:10, :12] += 100
            points = shapes[who] + rng.normal(0, 2, (5, 2))
            media = {"image": Image(pixels), "landmarks": points}
            samples.append(Sample(f"{CLASSES[who]}{seed}.{i}", media, CLASSES[who], CLASSES[who]))
        return samples

    return make


@pytest.fixture(scope="session")
def make_pipeline():
    """Make a small pipeline of three modalities, not yet trained."""

    def make(scale="train", fusion="concat", **recipe) -> Pipeline:
        to_grey = (Upright(), Grey(), Resize(16, 16))
        designed = Join([LBP(cell=7), HOG(cell=4), Eigenfaces(4)])
        return Pipeline(
            {
                "image": Branch(
                    "image",
                    Pixels(),
                    (*to_grey, Standardise()),
                    encoder={"name": "cnn", "dim": 6, "channels": [3, 4]},
                    augment=RandomView(rotate=5),
                ),
                "features": Branch("image", designed, to_grey, scale, {"name": "mlp", "dim": 5, "hidden": 8}),
                "landmarks": Branch("landmarks", Landmarks(), (), scale, {"name": "mlp", "dim": 4, "hidden": 8}),
            },
            fusion={"name": fusion},
            recipe=Recipe(**{"epochs": 4, "batch_size": 6, **recipe}),
        )

    return make


@pytest.fixture(scope="session")
def trained(make_pipeline, make_samples) -> Pipeline:
    """Train once; tests look at it and leave it as it is."""
    pipeline = make_pipeline()
    pipeline.fit(make_samples(), make_samples(6, seed=1))
    return pipeline


@pytest.fixture(scope="session")
def model_file(trained, tmp_path_factory):
    """Where the trained pipeline is saved."""
    trained.threshold = 0.42
    return trained.save(tmp_path_factory.mktemp("model") / "faces.mmteach")


@pytest.fixture(scope="session")
def content(model_file):
    return model_file.read_bytes()


@pytest.fixture
def nothing_is_unpickled_or_run(monkeypatch):
    """Whatever a file holds, none of the ways in which Python runs what it reads is taken."""

    def refuse(*args, **kwargs):
        raise SystemExit("something in the file was run")

    for name in ("pickle.load", "pickle.loads", "pickle.Unpickler", "torch.load", "joblib.load", "builtins.eval"):
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


@pytest.fixture
def refused():
    """Load a file and see it refused in one clear sentence that begins with the file, and no more."""

    def check(path, words=""):
        with pytest.raises(ModelFileError, match=words or None) as caught:
            Pipeline.load(path)
        said = str(caught.value)
        assert said.startswith(str(path)) or f"no model at {path}" in said
        assert "\n" not in said
        assert len(said) < len(str(path)) + 500

    return check
