import numpy as np
import pytest
from scipy.io import savemat

from mmteach.datasets import lfw_pairs, load
from mmteach.datasets.known import known_sets
from mmteach.datasets.registry import embedded_folder
from mmteach.errors import DataError, ParameterError


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def lfw(data, write_picture):
    for name, n in (("Ann_Lee", 3), ("Bob", 1), ("Zoe_de_la_Cruz", 2)):
        for i in range(1, n + 1):
            write_picture(data / "lfw" / "lfw_funneled" / name / f"{name}_{i:04d}.jpg")
    (data / "lfw" / "lfw_funneled" / "pairs_01.txt").write_text("lies here in the archive too", encoding="utf-8")
    return data / "lfw"


@pytest.mark.parametrize("name", sorted(known_sets()))
def test_every_known_set_says_what_it_is(name):
    known = known_sets()[name]
    assert known.about
    assert known.note
    assert known.by_hand
    for file in known.files:
        assert file.url.startswith("https://")
        assert len(bytes.fromhex(file.sha256)) == 32


def test_the_addresses_are_those_of_scikit_learn():
    from sklearn.datasets import _lfw, _olivetti_faces

    theirs = {(f.filename, f.url, f.checksum) for f in (*_lfw.TARGETS, _lfw.FUNNELED_ARCHIVE, _olivetti_faces.FACES)}
    ours = {(f.filename, f.url, f.sha256) for name in ("lfw", "olivetti") for f in known_sets()[name].files}
    assert ours == theirs


def test_olivetti_is_turned_as_scikit_learn_turns_it(data):
    columns = np.random.default_rng(0).integers(0, 256, (4096, 400), dtype=np.uint8)
    (data / "olivetti").mkdir()
    savemat(data / "olivetti" / "olivettifaces.mat", {"faces": columns})
    dataset = load("olivetti")
    theirs = columns.T.copy().reshape((400, 64, 64)).transpose(0, 2, 1)
    assert len(dataset) == 400
    assert dataset.labels.tolist() == [str(i // 10) for i in range(400)]
    np.testing.assert_array_equal([sample.media["image"].pixels for sample in dataset[::57]], theirs[::57])
    assert dataset[57].media["image"].pixels.dtype == np.uint8


def test_olivetti_of_scikit_learn_is_found(alone):
    (alone / "scikit_learn_data").mkdir()
    savemat(alone / "scikit_learn_data" / "olivettifaces.mat", {"faces": np.zeros((4096, 400))})
    assert len(load("olivetti")) == 400


@pytest.mark.parametrize(
    "content", [b"no matrix", {"faces": np.zeros((5, 5))}, {"other": np.zeros(3)}, {"faces": ["a"]}]
)
def test_an_olivetti_file_that_is_another(data, content):
    (data / "olivetti").mkdir()
    path = data / "olivetti" / "olivettifaces.mat"
    path.write_bytes(content) if isinstance(content, bytes) else savemat(path, content)
    with pytest.raises(DataError, match=r"olivettifaces\.mat"):
        load("olivetti")


def test_lfw_people(lfw):
    dataset = load("lfw")
    assert dataset.ids.tolist()[:4] == ["Ann_Lee_0001", "Ann_Lee_0002", "Ann_Lee_0003", "Bob_0001"]
    assert dataset.classes == ("Ann Lee", "Bob", "Zoe de la Cruz")
    assert dataset.groups.tolist() == dataset.labels.tolist()
    assert load("lfw", min_images=2).classes == ("Ann Lee", "Zoe de la Cruz")
    with pytest.raises(DataError, match="lower min_images"):
        load("lfw", min_images=4)
    with pytest.raises(DataError, match="no folder lfw"):
        load("lfw", funneled=False)
    with pytest.raises(ParameterError, match="min_images, funneled"):
        load("lfw", minimum=2)


def test_lfw_of_scikit_learn_is_found(lfw, alone, monkeypatch):
    monkeypatch.delenv("MMTEACH_DATA")
    (alone / "scikit_learn_data").mkdir()
    lfw.rename(alone / "scikit_learn_data" / "lfw_home")
    assert len(load("lfw")) == 6


def test_lfw_pairs(lfw):
    (lfw / "pairs.txt").write_text(
        "2\t1\nAnn_Lee\t1\t3\nBob\t1\tAnn_Lee\t2\nZoe_de_la_Cruz\t1\t2\nBob\t1\tZoe_de_la_Cruz\t2\n", encoding="utf-8"
    )
    pairs = lfw_pairs()
    assert pairs == [
        ("Ann_Lee_0001", "Ann_Lee_0003", True, "1"),
        ("Bob_0001", "Ann_Lee_0002", False, "1"),
        ("Zoe_de_la_Cruz_0001", "Zoe_de_la_Cruz_0002", True, "2"),
        ("Bob_0001", "Zoe_de_la_Cruz_0002", False, "2"),
    ]
    assert {name for pair in pairs for name in pair[:2]} <= set(load("lfw").ids.tolist())


def test_lfw_development_pairs(lfw):
    (lfw / "pairsDevTest.txt").write_text("1\r\nAnn_Lee\t1\t3\r\nBob\t1\tAnn_Lee\t2\r\n", encoding="utf-8")
    assert [pair.fold for pair in lfw_pairs("test")] == ["test", "test"]
    with pytest.raises(DataError, match=r"pairsDevTrain\.txt is missing"):
        lfw_pairs("train")
    with pytest.raises(ParameterError, match="10_folds, train, test"):
        lfw_pairs("dev")


@pytest.mark.parametrize(
    "content", ["", "2\t1\nAnn_Lee\t1\t3\n", "words\n", "2\t1\nAnn_Lee\tx\t3\n", "2\t1\nAnn_Lee\n"]
)
def test_damaged_lfw_pairs(lfw, content):
    (lfw / "pairs.txt").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"pairs\.txt"):
        lfw_pairs()


@pytest.mark.skipif(
    not (embedded_folder() / "faces" / "manifest.csv").is_file(), reason="datasets/faces is not made yet"
)
def test_the_embedded_faces():
    dataset = load("faces")
    assert dataset.synthetic
    assert "synthetic" in dataset.note
    assert dataset.modalities == ("image", "landmarks")
    assert len(dataset.relabel("expression").classes) > 1
