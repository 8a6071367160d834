"""Strings from frames: the library against brute force over all paths, and against PyTorch's CTC loss."""

from itertools import product

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.infer import decode


def table(seed, frames=4, symbols=3, sharp=1.5):
    logits = np.random.default_rng(seed).normal(scale=sharp, size=(frames, symbols))
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def by_brute_force(log_probs, blank=0):
    """Every string with the log of the sum over all its paths."""
    frames, symbols = log_probs.shape
    found = {}
    for path in product(range(symbols), repeat=frames):
        merged = [s for i, s in enumerate(path) if i == 0 or s != path[i - 1]]
        string = tuple(s for s in merged if s != blank)
        found[string] = np.logaddexp(found.get(string, -np.inf), log_probs[range(frames), path].sum())
    return found


@pytest.mark.parametrize(
    ("path", "string"),
    [
        ([], ()),
        ([0, 0], ()),
        ([2, 2, 2], (2,)),
        ([2, 0, 2], (2, 2)),
        ([0, 1, 1, 0, 0, 1, 3, 3, 1], (1, 1, 3, 1)),
    ],
)
def test_collapse_merges_first_and_drops_blanks_then(path, string):
    assert decode.collapse(path) == string


def test_the_blank_may_be_another_symbol():
    assert decode.collapse([4, 0, 0, 4, 0], blank=4) == (0, 0)
    log_probs = table(1, symbols=3)
    assert decode.greedy(log_probs[:, [1, 2, 0]], blank=2) == tuple(s - 1 for s in decode.greedy(log_probs))


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_is_the_exact_sum(seed):
    log_probs = table(seed, 5, 3)
    truth = by_brute_force(log_probs)
    found = decode.beam_search(log_probs, width=10_000)
    assert {h.symbols: h.log_prob for h in found} == pytest.approx(truth)
    assert found[0].symbols == max(truth, key=truth.get)
    assert np.logaddexp.reduce([h.log_prob for h in found]) == pytest.approx(0)


def test_a_beam_finds_what_the_best_path_misses():
    log_probs = np.log(np.array([[0.6, 0.4], [0.6, 0.4]]))  # best path: two blanks, .36; but "1" has three paths, .64
    assert decode.greedy(log_probs) == ()
    assert decode.beam_search(log_probs, 2)[0].symbols == (1,)
    assert np.exp(decode.beam_search(log_probs, 2)[0].log_prob) == pytest.approx(0.64)


@pytest.mark.parametrize("blank", [0, 2])
def test_the_language_model_counts_once_a_symbol(blank):
    log_probs = table(7, 5, 3)
    bigram = table(8, 3, 3)
    found = decode.beam_search(log_probs, 10_000, bigram, weight=0.7, blank=blank)
    sums = by_brute_force(log_probs, blank)
    for h in found:
        language = sum(bigram[a, b] for a, b in zip((blank, *h.symbols), h.symbols, strict=False))
        assert h.score == pytest.approx(sums[h.symbols] + 0.7 * language)
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)


def test_a_beam_keeps_no_more_than_its_width():
    assert len(decode.beam_search(table(3, 6, 4), 5)) == 5


@pytest.mark.parametrize("string", [(), (1,), (1, 1), (1, 2, 1), (2, 2, 2)])
def test_string_log_prob_is_the_loss_of_pytorch_and_brute_force(string):
    log_probs = table(11, 5, 3)
    found = decode.string_log_prob(log_probs, string)
    assert found == pytest.approx(by_brute_force(log_probs)[string])
    if string:
        loss = F.ctc_loss(
            torch.tensor(log_probs)[:, None], torch.tensor([string]), torch.tensor([5]), torch.tensor([len(string)]),
            reduction="sum",
        )  # fmt: skip
        assert -found == pytest.approx(float(loss))


def test_what_is_too_long_is_impossible():
    assert decode.string_log_prob(table(0, 2, 3), (1, 1)) == -np.inf  # needs a blank between: three frames
    assert decode.string_log_prob(table(0, 2, 3), (1, 2)) > -np.inf


def test_a_bigram_table_counts_what_follows_what():
    found = np.exp(decode.bigram_table([(1, 2), (1, 1)], n_symbols=3, add=0.5))
    np.testing.assert_allclose(found[0], [0, 2.5 / 3, 0.5 / 3])  # both begin with 1
    np.testing.assert_allclose(found[1], [0, 1.5 / 3, 1.5 / 3])
    np.testing.assert_allclose(found.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("truth", "heard", "kinds"),
    [
        ("", "", (0, 0, 0)),
        ("12", "", (0, 2, 0)),
        ("", "12", (0, 0, 2)),
        ("123", "143", (1, 0, 0)),
        ("1234", "234", (0, 1, 0)),
        ("1234", "91234", (0, 0, 1)),
    ],
)
def test_errors_by_kind(truth, heard, kinds):
    assert decode.word_errors(truth, heard) == kinds


def test_errors_are_symmetric_and_obey_the_triangle():
    rng = np.random.default_rng(0)
    strings = [rng.integers(0, 3, rng.integers(0, 6)).tolist() for _ in range(12)]
    d = np.array([[decode.word_errors(a, b).total for b in strings] for a in strings])
    assert (d == d.T).all()
    assert (d[:, :, None] <= d[:, None, :] + d.T[None]).all()


def test_word_error_rate_counts_words_not_strings():
    assert decode.word_error_rate([(1, 2, 3, 4), (5,)], [(1, 2, 3), (5,)]) == pytest.approx(1 / 5)
    assert decode.word_error_rate([(1,)], [(1, 2, 3)]) == 2


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: decode.beam_search(np.zeros(3)), r"needs \(T, S\)"),
        (lambda: decode.beam_search(table(0), 0), "at least 1"),
        (lambda: decode.beam_search(table(0), 2, np.zeros((2, 2))), "3 symbols need"),
        (lambda: decode.word_error_rate([(1,)], []), "needs one each"),
    ],
)
def test_what_cannot_be_decoded_is_said(call, says):
    with pytest.raises(ParameterError, match=says):
        call()
