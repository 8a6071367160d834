import numpy as np
import pytest

from mmteach.infer import fit_temperature, reliability, softmax


def two_classes(confidence):
    confidence = np.asarray(confidence)
    return np.stack([confidence, 1 - confidence], axis=1)


def test_sure_to_80_percent_and_right_in_80_percent_is_calibrated():
    found = reliability(two_classes([0.8] * 10), np.array([0] * 8 + [1] * 2))
    assert found.ece == pytest.approx(0)
    assert found.n.sum() == 10


def test_the_error_by_hand():
    """Four answers at .9, half of them right; six at .6, all right: .4 * .4 + .6 * .4."""
    found = reliability(two_classes([0.9] * 4 + [0.6] * 6), np.array([0, 0, 1, 1] + [0] * 6))
    assert found.ece == pytest.approx(0.4)
    filled = found.n > 0
    np.testing.assert_allclose(found.confidence[filled], [0.6, 0.9])
    np.testing.assert_allclose(found.accuracy[filled], [1.0, 0.5])
    assert found.n[filled].tolist() == [6, 4]


def test_within_a_bin_errors_may_cancel():
    assert reliability(two_classes([0.81, 0.85]), np.array([0, 1]), n_bins=5).ece == pytest.approx(0.33)
    assert reliability(two_classes([0.81, 0.85]), np.array([0, 1]), n_bins=25).ece == pytest.approx((0.19 + 0.85) / 2)


def test_bins_are_open_below_and_closed_above():
    found = reliability(two_classes([0.5, 1.0, 0.75, 0.76]), np.zeros(4, int), n_bins=4)
    assert found.n.tolist() == [0, 1, 1, 2]
    np.testing.assert_allclose(found.edges, [0, 0.25, 0.5, 0.75, 1])


@pytest.mark.filterwarnings("error")
def test_empty_bins_are_nan_and_count_nothing():
    found = reliability(two_classes([0.9]), np.array([0]))
    assert found.n.sum() == 1
    assert len(found.n) == 15
    assert np.isnan(found.confidence[found.n == 0]).all()
    assert np.isnan(found.accuracy[found.n == 0]).all()
    assert found.ece == pytest.approx(0.1)


@pytest.fixture(scope="module")
def honest():
    """Logits whose probabilities are the truth: labels are drawn from them."""
    rng = np.random.default_rng(0)
    logits = 2 * rng.normal(size=(4000, 5))
    return logits, np.array([rng.choice(5, p=p) for p in softmax(logits)])


def test_honest_logits_need_no_temperature(honest):
    assert fit_temperature(*honest) == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize("factor", [3, 0.25])
def test_logits_times_a_factor_get_it_back(honest, factor):
    logits, y = honest
    t = fit_temperature(factor * logits, y)
    assert t == pytest.approx(factor * fit_temperature(logits, y), rel=1e-3)
    assert t == pytest.approx(factor, rel=0.06)
    assert (softmax(factor * logits, t).argmax(axis=1) == logits.argmax(axis=1)).all()
    assert reliability(softmax(factor * logits, t), y).ece < reliability(softmax(factor * logits), y).ece


def test_a_perfect_or_hopeless_part_gives_a_finite_temperature():
    logits = 10 * np.eye(3)[[0, 1, 2]]
    assert 0.04 < fit_temperature(logits, np.array([0, 1, 2])) < 21
    assert 0.04 < fit_temperature(logits, np.array([1, 2, 0])) < 21
