"""Proofs of `features.tfidf`."""

from __future__ import annotations

import math

import numpy as np

from mmteach.exercises.proof import Proof


def _by_scikit_learn(train, test):
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer().fit(train).transform(test).toarray()


def _text_by_text(train, test):
    columns = range(train.shape[1])
    df = [sum(1 for text in train.tolist() if text[j]) for j in columns]
    rows = []
    for text in test.tolist():
        row = [text[j] * (1 + math.log(1 + len(train)) - math.log(1 + df[j])) for j in columns]
        length = math.hypot(*row)
        rows.append([w / length if length else 0.0 for w in row])
    return rows


def _weigh(test, n, df, plus=1.0):
    out = []
    for text in test.astype(float):
        row = text * (np.log1p(n) - np.log1p(df) + plus)
        out.append(row / (np.sqrt(row @ row) or 1))
    return np.array(out)


def _fit_on_test(train, test):
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer().fit_transform(test).toarray()


def _all_texts(train, test):
    everything = np.vstack([test, train])
    return _weigh(test, len(everything), np.count_nonzero(everything, axis=0))


def _plain_fraction(train, test):
    idf = 1 - np.log(np.count_nonzero(train, axis=0) / len(train))  # infinite for a new word
    weights = test * idf
    length = np.linalg.norm(weights, axis=1)
    length[length == 0] = 1
    return weights / length[:, None]


def _common_words_deleted(train, test):
    return _weigh(test, len(train), np.count_nonzero(train, axis=0), plus=0.0)


def _words_altogether(train, test):
    return _weigh(test, len(train), sum(train))


def _long_rows(train, test):
    idf = [1 - math.log((1 + np.count_nonzero(column)) / (1 + len(train))) for column in train.T]
    return np.array([[count * weight for count, weight in zip(text, idf, strict=True)] for text in test])


def _shares(train, test):
    weights = _long_rows(train, test)
    return np.array([row / (abs(row).sum() or 1) for row in weights])


def _down_the_columns(train, test):
    weights = _long_rows(train, test)
    length = np.sqrt(np.sum(weights**2, axis=0))
    length[length == 0] = 1
    return weights / length


def _unguarded(train, test):
    weights = _long_rows(train, test)
    return np.stack([row / np.sqrt(row @ row) for row in weights])


def _once_or_never(train, test):
    return _weigh(np.minimum(test, 1), len(train), np.count_nonzero(train, axis=0))


TFIDF = Proof(
    right=(_by_scikit_learn, _text_by_text),
    variants={
        "idf from test": _fit_on_test,
        "idf from both parts": _all_texts,
        "no smoothing": _plain_fraction,
        "forgets the 1 behind the logarithm": _common_words_deleted,
        "df counts words, not texts": _words_altogether,
        "no normalising": _long_rows,
        "the sum is 1 instead of the length": _shares,
        "normalises words instead of texts": _down_the_columns,
        "an empty text becomes nan": _unguarded,
        "presence instead of count": _once_or_never,
    },
)
