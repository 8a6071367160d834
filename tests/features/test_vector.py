import numpy as np
import pytest

from mmteach.errors import ModelFileError, NotFittedError, ParameterError
from mmteach.features import Landmarks, Scale, Vector, landmark_geometry, standardise_within_group


def faces(n=4, n_points=5, seed=0):
    return np.random.default_rng(seed).normal(50, 20, (n, n_points, 2))


def test_landmark_geometry_does_not_mind_place_and_size():
    points = faces()
    here = landmark_geometry(points)
    assert here.shape == (4, 10 + 10 + 10)
    assert here.dtype == np.float32
    np.testing.assert_allclose(landmark_geometry(points + np.array([300, -20])), here, atol=1e-5)
    np.testing.assert_allclose(landmark_geometry(points * 7), here, atol=1e-5)


def test_landmark_geometry_sees_a_turn_but_distances_do_not():
    points, turn = faces(), np.array([[0, -1], [1, 0]])
    here, turned = landmark_geometry(points), landmark_geometry(points @ turn)
    assert np.abs(here[:, :10] - turned[:, :10]).max() > 0.1
    np.testing.assert_allclose(here[:, 10:20], turned[:, 10:20], atol=1e-5)


def test_landmark_geometry_of_a_square_by_hand():
    x = landmark_geometry(np.array([[[0, 0], [2, 0], [2, 2], [0, 2]]], float))[0]
    half = 2**-0.5  # the corners lie at distance 1 from the centre
    np.testing.assert_allclose(x[:8], [-half, -half, half, -half, half, half, -half, half], atol=1e-6)
    np.testing.assert_allclose(x[8:14], [2**0.5, 2, 2**0.5, 2**0.5, 2, 2**0.5], atol=1e-6)  # 12 13 14 23 24 34
    np.testing.assert_allclose(x[14:], x[:8], atol=1e-6)


def test_a_landmark_in_the_very_centre_has_no_direction_and_no_nan():
    x = landmark_geometry(np.array([[[-1, 0], [0, 0], [1, 0]]], float))
    assert np.isfinite(x).all()


@pytest.mark.parametrize("points", [np.ones((1, 5, 2)), np.full((1, 5, 2), np.nan), np.full((1, 5, 2), np.inf)])
def test_degenerate_landmarks_get_a_sentence(points):
    with np.errstate(invalid="ignore"), pytest.raises(ParameterError, match="leave that cell empty"):
        landmark_geometry(points)


@pytest.mark.parametrize(
    "media", [[np.zeros((5, 2)), np.zeros((6, 2))], [np.zeros((5, 3))], [np.zeros(10)], [np.zeros((2, 2))]]
)
def test_landmarks_of_other_shapes_are_refused(media):
    with pytest.raises(ParameterError, match=r"every face needs the same \(L, 2\)"):
        Landmarks()(media)


def test_landmarks_may_be_whole_numbers():
    points = faces().round().astype(np.uint8)
    np.testing.assert_allclose(Landmarks()(list(points)), landmark_geometry(points.astype(float)), atol=1e-6)


def test_vectors_are_stacked_as_they_are():
    x = Vector()([np.array([1, 2]), np.array([3.5, 4])])
    assert x.dtype == np.float32
    assert x.tolist() == [[1, 2], [3.5, 4]]


@pytest.mark.parametrize("media", [[np.zeros(3), np.zeros(4)], [np.zeros((2, 2))], [np.float32(1)]])
def test_vectors_of_other_shapes_are_refused(media):
    with pytest.raises(ParameterError, match=r"every sample needs the same \(D,\)"):
        Vector()(media)


def test_scale_gives_the_training_part_mean_0_and_deviation_1():
    x, scale = faces(40).reshape(40, -1).astype(np.float32), Scale()
    scale.fit(x)
    y = scale(x, [None] * 40)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(y.std(axis=0), 1, atol=1e-5)


def test_test_rows_do_not_change_the_scale():
    train, scale = faces(40).reshape(40, -1).astype(np.float32), Scale()
    scale.fit(train)
    before = {k: v.copy() for k, v in scale.state().items()}
    one = scale(train[:1], [None])
    with_strangers = scale(np.concatenate([train[:1], train[:9] * 1000]), [None] * 10)
    np.testing.assert_array_equal(one[0], with_strangers[0])
    assert all((before[k] == v).all() for k, v in scale.state().items())


def test_a_constant_column_does_not_blow_up():
    x = np.stack([np.arange(10), np.full(10, 3)], axis=1).astype(np.float32)
    scale = Scale()
    scale.fit(x)
    y = scale(np.array([[0, 3.1]], np.float32), [None])
    assert np.isfinite(y).all()
    assert abs(y[0, 1]) < 20


GROUPS = ["ann"] * 5 + ["bob"] * 3 + ["cyd"] * 2 + [None] * 4


def test_each_group_gets_mean_0_and_deviation_1():
    x = faces(14).reshape(14, -1).astype(np.float32)
    x[:5] += 500  # ann differs from everybody
    y, done = standardise_within_group(x, GROUPS)
    assert done.tolist() == [True] * 8 + [False] * 6
    for rows in (slice(0, 5), slice(5, 8)):
        np.testing.assert_allclose(y[rows].mean(axis=0), 0, atol=1e-4)
        np.testing.assert_allclose(y[rows].std(axis=0), 1, atol=1e-3)
    np.testing.assert_array_equal(y[8:], x[8:])


def test_small_and_nameless_groups_fall_back_to_the_training_part():
    x = faces(14).reshape(14, -1).astype(np.float32)
    by_train, by_group = Scale("train"), Scale("group")
    by_train.fit(x)
    by_group.fit(x)
    y = by_group(x, GROUPS)
    np.testing.assert_array_equal(y[8:], by_train(x, GROUPS)[8:])
    np.testing.assert_allclose(y[:5].mean(axis=0), 0, atol=1e-5)


def test_standardising_does_not_change_what_it_is_given():
    x = faces(14).reshape(14, -1).astype(np.float32)
    before = x.copy()
    standardise_within_group(x, GROUPS)
    np.testing.assert_array_equal(x, before)


def test_scale_comes_back_from_its_state():
    x, scale, again = faces(9).reshape(9, -1), Scale(), Scale()
    assert scale.state() == {}
    scale.fit(x)
    again.load_state(scale.state())
    np.testing.assert_array_equal(scale(x, [None] * 9), again(x, [None] * 9))


def test_scale_says_what_it_lacks():
    with pytest.raises(ParameterError, match="by is 'person'"):
        Scale("person")
    with pytest.raises(NotFittedError, match="call fit"):
        Scale()(np.zeros((1, 2)), [None])
    scale = Scale()
    scale.fit(np.eye(3))
    with pytest.raises(ParameterError, match=r"shape \(1,\), the training part had \(3,\)"):
        scale(np.zeros((2, 1)), [None] * 2)


@pytest.mark.parametrize("std", [np.zeros(2), np.ones(3), np.full(2, np.nan)])
def test_a_scale_that_does_not_fit_is_refused(std):
    with pytest.raises(ModelFileError, match="do not fit"):
        Scale().load_state({"mean": np.zeros(2), "std": std})


def sequences_of(n=6, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(5, 3, (t, 2)).astype(np.float32) for t in rng.integers(2, 9, n)]


def test_sequences_are_scaled_over_all_their_frames():
    x, scale = sequences_of(), Scale("train")
    scale.fit(x)
    y = scale(x, [None] * len(x))
    assert [a.shape for a in y] == [a.shape for a in x]
    frames = np.concatenate(y)
    np.testing.assert_allclose(frames.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(frames.std(axis=0), 1, atol=1e-5)


def test_the_frames_of_one_clip_are_not_a_group():
    x, by_group, by_train = sequences_of(), Scale("group"), Scale("train")
    by_group.fit(x)
    by_train.fit(x)
    groups = ["a", "a", "a", "b", "b", None]
    y, plain = by_group(x, groups), by_train(x, groups)
    np.testing.assert_allclose(np.concatenate(y[:3]).mean(axis=0), 0, atol=1e-5)
    for i in (3, 4, 5):
        np.testing.assert_array_equal(y[i], plain[i])
