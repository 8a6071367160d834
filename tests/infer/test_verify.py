import numpy as np
import pytest
from sklearn import metrics

from mmteach.errors import ParameterError
from mmteach.infer import (
    all_pairs,
    auc,
    bootstrap_by_person,
    choose_threshold,
    cosine_matrix,
    eer,
    error_curve,
    error_rates,
)

RNG = np.random.default_rng(0)
SAME = RNG.random(300) < 0.3
SCORES = RNG.normal(size=300) + 1.5 * SAME
TIED = np.round(SCORES, 1)


def by_counting(scores, same, threshold):
    """FAR and FRR by their definitions, one pair after another."""
    wrongly_accepted = sum(s >= threshold for s, k in zip(scores, same, strict=True) if not k)
    wrongly_rejected = sum(s < threshold for s, k in zip(scores, same, strict=True) if k)
    return wrongly_accepted / (~same).sum(), wrongly_rejected / same.sum()


@pytest.mark.parametrize("scores", [SCORES, TIED])
def test_the_curve_holds_the_rates_at_every_threshold(scores):
    curve = error_curve(scores, SAME)
    for threshold, far, frr in zip(*curve, strict=True):
        assert (far, frr) == by_counting(scores, SAME, threshold)
        assert error_rates(scores, SAME, threshold) == (far, frr)
    assert (curve.far[0], curve.frr[0], curve.far[-1], curve.frr[-1]) == (1, 0, 0, 1)
    assert (np.diff(curve.far) <= 0).all()
    assert (np.diff(curve.frr) >= 0).all()


def test_false_acceptance_and_false_rejection_are_not_swapped():
    scores, same = np.array([0.9, 0.6, 0.7, 0.2, 0.1]), np.array([True, True, False, False, False])
    assert error_rates(scores, same, 0.65) == (1 / 3, 1 / 2)
    assert error_rates(scores, same, 2.0) == (0, 1)  # a strict door lets nobody in, and rejects everybody
    assert error_rates(scores, same, -2.0) == (1, 0)


def by_scanning(scores, same):
    """EER from scikit-learn's ROC: the crossing of FPR and 1 - TPR, on straight lines between its points."""
    fpr, tpr, _ = metrics.roc_curve(same, scores, drop_intermediate=False)
    along = np.linspace(0, len(fpr) - 1, 200_001)
    far, frr = (np.interp(along, np.arange(len(fpr)), v) for v in (fpr, 1 - tpr))
    k = np.argmin(np.abs(far - frr))
    return (far[k] + frr[k]) / 2


@pytest.mark.parametrize("scores", [SCORES, TIED, -SCORES, np.round(SCORES)])
def test_eer_is_where_the_curves_cross(scores):
    assert eer(scores, SAME) == pytest.approx(by_scanning(scores, SAME), abs=1e-3)


def test_eer_of_a_perfect_a_reversed_and_a_random_score():
    assert eer(SAME.astype(float), SAME) == 0
    assert eer(-SAME.astype(float), SAME) == 1
    assert eer(np.zeros(300), SAME) == pytest.approx(0.5)  # nothing but ties
    many = RNG.random(20_000) < 0.5
    assert eer(RNG.normal(size=20_000), many) == pytest.approx(0.5, abs=0.02)


def test_eer_by_hand():
    """Between .4 and .6 both rates are one third."""
    scores = np.array([0.9, 0.8, 0.4, 0.6, 0.2, 0.1])
    assert eer(scores, np.array([1, 1, 1, 0, 0, 0], bool)) == pytest.approx(1 / 3)


@pytest.mark.parametrize("scores", [SCORES, TIED, -SCORES, np.zeros(300)])
def test_auc_is_scikit_learn_s(scores):
    assert auc(scores, SAME) == pytest.approx(metrics.roc_auc_score(SAME, scores))
    assert auc(list(scores), SAME.astype(int)) == auc(scores, SAME)


@pytest.mark.parametrize("same", [np.ones(5, bool), np.zeros(5, bool)])
@pytest.mark.parametrize("measure", [error_curve, eer, auc, choose_threshold])
def test_one_kind_of_pair_gets_a_sentence(measure, same):
    with pytest.raises(
        ParameterError, match=f"{same.sum()} of 5 pairs are of the same person; verification needs both"
    ):
        measure(np.arange(5.0), same)


@pytest.mark.parametrize("scores", [SCORES, TIED])
@pytest.mark.parametrize("max_far", [0.0, 0.01, 0.1, 0.5, 1.0])
def test_a_threshold_with_few_false_acceptances_rejects_no_more_than_it_must(scores, max_far):
    far, frr = error_rates(scores, SAME, choose_threshold(scores, SAME, max_far))
    assert far <= max_far
    allowed = [by_counting(scores, SAME, t) for t in [*np.unique(scores), np.inf]]
    assert frr == min(r for f, r in allowed if f <= max_far)


def test_a_threshold_at_equal_errors():
    far, frr = error_rates(SCORES, SAME, choose_threshold(SCORES, SAME))
    assert far == pytest.approx(eer(SCORES, SAME), abs=0.02)
    assert frr == pytest.approx(far, abs=0.02)


def test_a_threshold_lies_half_way_between_two_scores():
    scores, same = np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True])
    assert choose_threshold(scores, same) == pytest.approx(0.5)
    assert error_rates(scores, same, choose_threshold(scores, same)) == (0, 0)


def test_a_threshold_above_every_score_is_finite():
    scores, same = np.array([0.1, 0.9]), np.array([True, False])
    threshold = choose_threshold(scores, same, max_far=0.0)
    assert np.isfinite(threshold)
    assert error_rates(scores, same, threshold) == (0, 1)


def test_cosines_do_not_mind_length():
    h = RNG.normal(size=(6, 4))
    wanted = metrics.pairwise.cosine_similarity(h)
    np.testing.assert_allclose(cosine_matrix(h), wanted, atol=1e-12)
    np.testing.assert_allclose(cosine_matrix(h * np.arange(1, 7)[:, None]), wanted, atol=1e-12)
    assert cosine_matrix(np.ones((3, 7), np.float32)).max() <= 1
    assert np.isfinite(cosine_matrix(np.zeros((2, 3)))).all()


def test_all_pairs_come_once_and_nobody_is_paired_with_itself():
    pairs = all_pairs(["ann", "bob", "ann", "cyd"])
    found = {(int(a), int(b)): bool(s) for a, b, s in zip(*pairs, strict=True)}
    assert found == {(0, 1): False, (0, 2): True, (0, 3): False, (1, 2): False, (1, 3): False, (2, 3): False}
    assert len(pairs.a) == 6


def faces(people, noise=1.2, seed=0):
    rng = np.random.default_rng(seed)
    centres = {p: rng.normal(size=8) for p in sorted(set(people))}
    return cosine_matrix(np.stack([centres[p] + noise * rng.normal(size=8) for p in people]))


def pairs_of(people, noise=1.2):
    """Scores, names (P, 2) and sameness of every pair."""
    people, pairs = np.asarray(people), all_pairs(people)
    return faces(people, noise)[pairs.a, pairs.b], np.stack([people[pairs.a], people[pairs.b]], axis=1), pairs.same


MANY = [f"p{i}" for i in range(12) for _ in range(5)]


def test_the_bootstrap_surrounds_the_eer_and_knows_its_seed():
    scores, people, same = pairs_of(MANY)
    interval = bootstrap_by_person(scores, people, same, n=100, seed=1)
    assert interval.low < eer(scores, same) < interval.high
    assert 0.01 < interval.high - interval.low < 0.3
    assert bootstrap_by_person(scores, people, same, n=100, seed=1) == interval
    assert bootstrap_by_person(scores, people, same, n=100, seed=2) != interval


def test_the_bootstrap_counts_a_pair_as_often_as_its_people_were_drawn():
    """The same draws with every pair written out: a same pair c times, a different one c_1 c_2 times."""
    scores, people, same = pairs_of([p for p in "abcde" for _ in range(8)], noise=2)
    names, rng, values = np.unique(people), np.random.default_rng(4), []
    for _ in range(20):
        drawn = names[rng.integers(len(names), size=len(names))].tolist()
        times = [
            drawn.count(a) if k else drawn.count(a) * drawn.count(b) for (a, b), k in zip(people, same, strict=True)
        ]
        values.append(eer(np.repeat(scores, times), np.repeat(same, times)))
    ours = bootstrap_by_person(scores, people, same, n=20, seed=4)
    assert ours == pytest.approx(np.percentile(values, [2.5, 97.5]), abs=0.01)


def test_perfect_scores_stay_perfect_however_people_are_drawn():
    """A person drawn twice is no stranger to itself."""
    _, people, same = pairs_of(MANY)
    assert bootstrap_by_person(same.astype(float), people, same, n=50) == pytest.approx((0, 0))


def test_draws_without_both_kinds_of_pair_are_left_out():
    """Many draws miss ann, the only one with two photos."""
    interval = bootstrap_by_person(*pairs_of(["ann", "ann", "bob", "cyd", "dee"]), n=50)
    assert 0 <= interval.low <= interval.high <= 1


def test_where_no_draw_can_tell_the_interval_is_everything():
    assert bootstrap_by_person(*pairs_of(["ann", "ann", "ann"]), n=20) == (0, 1)
