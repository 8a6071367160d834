"""Features are shown as they are, and neighbours are counted as they should be."""

import numpy as np
import pytest

from mmteach.datasets import Dataset, Row, load
from mmteach.features import HOG, Eigenfaces, hog
from mmteach.infer import accuracy
from mmteach.types import Image
from mmteach.widgets import FeatureLab
from mmteach.widgets.nearest import Parts
from mmteach.widgets.views_designed import cell_histograms


@pytest.fixture(scope="module")
def lab(few) -> FeatureLab:
    return FeatureLab(few)


@pytest.fixture
def tab(lab):
    lab.tabs["Images"].feature.value = "Pixels"
    return lab.tabs["Images"]


@pytest.mark.parametrize("feature", ["Pixels", "LBP", "HOG", "Eigenfaces", "Landmarks"])
def test_every_feature_is_shown_with_neighbours_and_accuracy(tab, feature):
    tab.feature.value = feature
    assert tab.message.value == ""
    assert tab.view_plot.alt.startswith(feature)
    assert len(tab.neighbours) == 6
    assert f"{tab.scores.accuracy:.3f}" in tab.result.value
    assert f"always the same person: {tab.parts.majority:.3f}" in tab.result.value
    assert tab.parts.majority == pytest.approx(1 / 8, abs=0.03)


def test_right_and_wrong_are_marked(tab):
    for face in range(0, tab.face.max + 1, 12):
        tab.face.value = face
        person = tab.parts.y_test[face]
        assert [good for _, good in tab.neighbours] == [name == person for name, _ in tab.neighbours]
        first = tab.scores.distances[face].argmin()
        assert tab.neighbours[0][0] == tab.parts.y_train[first]


def test_parameters_move_the_feature(tab):
    tab.feature.value = "HOG"
    before = tab.scores.distances
    tab.values["Cell (px)"].value = 16
    assert tab.scores.distances.shape == before.shape
    assert not np.allclose(tab.scores.distances, before)


def test_looking_at_another_cell_changes_no_score(tab):
    tab.feature.value = "LBP"
    scores, said = tab.scores, tab.view_plot.alt
    tab.values["Look at cell"].value = 4
    assert tab.scores is scores
    assert tab.view_plot.alt != said


def test_more_components_rebuild_better(tab):
    tab.feature.value = "Eigenfaces"
    errors = []
    for k in (1, 10, 40):
        tab.values["Components"].value = k
        errors.append(float(tab.view_plot.alt.split("error of ")[1].split()[0]))
    assert errors == sorted(errors, reverse=True)


def test_first_components_are_those_of_a_fit_with_as_many(tab):
    tab.feature.value = "Eigenfaces"
    tab.values["Components"].value = 12
    own = Eigenfaces(12)
    own.fit(tab.parts.train)
    assert tab.parts.score(own).accuracy == tab.scores.accuracy


def test_network_without_weights_is_a_sentence_and_shows_nothing_else(tab, monkeypatch, tmp_path):
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path))
    tab.feature.value = "Pretrained"
    assert "resnet18" in tab.message.value
    assert tab.view_plot.layout.display == tab.near_plot.layout.display == "none"
    tab.feature.value = "HOG"
    assert tab.message.value == ""
    assert tab.view_plot.layout.display is None


def test_photos_alone_offer_no_landmarks(photos):
    lab = FeatureLab(photos)
    assert "Landmarks" not in lab.tabs["Images"].feature.options
    assert "photos alone" in lab.tabs["Images"].source.value


def test_of_things_nothing_is_said_about_people():
    digits = load("digit_images")
    tab = FeatureLab(digits.subset(range(60))).tabs["Images"]
    assert tab.face.description == "Picture"
    assert "person" not in tab.result.value
    assert "always the same class" in tab.result.value
    assert "each class's samples are split" in tab.result.value


def test_another_set_in_the_same_tabs(few, photos):
    lab = FeatureLab(few)
    tab = lab.tabs["Images"]
    tab.feature.value = "Landmarks"
    lab.use(photos)
    assert lab.tabs["Images"] is tab
    assert tab.feature.value == "Pixels"
    assert (lab.message.value, tab.message.value) == ("", "")


def test_a_set_without_pictures_is_a_sentence():
    lab = FeatureLab(Dataset([Row("a", {"vector": np.ones(2)}, "x")], "numbers"))
    assert "there are tabs for image" in lab.message.value


def test_scores_agree_with_brute_force(few):
    parts, extractor = Parts(few, "image"), HOG()
    scores = parts.score(extractor)
    a, b = extractor(parts.test), extractor(parts.train)
    by_hand = np.array([[np.linalg.norm(x - y) for y in b] for x in a])
    np.testing.assert_allclose(scores.distances, by_hand, atol=1e-3)
    assert scores.accuracy == accuracy(parts.y_test, parts.y_train[by_hand.argmin(axis=1)])
    assert scores.n == len(parts.test)
    assert list(parts.nearest(scores, 3, 2)) == list(by_hand[3].argsort()[:2])


def test_samples_without_the_modality_are_left_out(few):
    n_with = sum("landmarks" in row.media for row in few.rows)
    parts = Parts(few, "landmarks")
    assert len(parts.train) + len(parts.test) == n_with


def test_star_of_a_cell_follows_its_edge():
    picture = np.zeros((32, 32))
    picture[:, 16:] = 200  # one upright edge: its gradient lies along the row, 0 degrees
    cells = cell_histograms(hog(picture[None].astype(np.uint8), cell=8)[0], 4, 9)
    assert cells.shape == (4, 4, 9)
    assert cells[1, 1].argmax() == 0
    assert cells[1, 0].sum() == 0


def test_pictures_of_many_sizes_are_cleaned_first():
    rng = np.random.default_rng(0)
    rows = [
        Row(f"{p}{i}", {"image": rng.integers(0, 255, (20 + i, 30), dtype=np.uint8)}, p, p)
        for p in "ab"
        for i in range(4)
    ]
    parts = Parts(Dataset(rows, "odd"), "image")
    assert {image.pixels.shape for image in parts.train} == {(64, 64)}
    assert isinstance(parts.test[0], Image)
