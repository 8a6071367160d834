"""Weigh words: often in this text, seldom in the others."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_tfidf(train, test):
    """tf-idf rows of length 1 for the test texts, (n_test, V), with idf from the training texts, (n_train, V)."""
    df = (train > 0).sum(axis=0)
    idf = np.log((1 + len(train)) / (1 + df)) + 1
    weights = test * idf
    length = np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return weights / np.where(length > 0, length, 1)


def _idf(counts):
    return np.log((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))) + 1


def _rows_of_length_1(weights):
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    return weights / np.where(length > 0, length, 1)


def _idf_from_test(train, test):
    return _rows_of_length_1(test * _idf(test))


def _idf_from_both(train, test):
    return _rows_of_length_1(test * _idf(np.concatenate([train, test])))


def _no_smoothing(train, test):
    df = (train > 0).sum(axis=0)
    return _rows_of_length_1(test * (np.log(len(train) / np.maximum(df, 1)) + 1))


def _forgets_plus_one(train, test):
    return _rows_of_length_1(test * (_idf(train) - 1))


def _df_counts_words(train, test):
    return _rows_of_length_1(test * (np.log((1 + len(train)) / (1 + train.sum(axis=0))) + 1))


def _no_normalising(train, test):
    return test * _idf(train)


def _sum_1(train, test):
    weights = test * _idf(train)
    total = weights.sum(axis=1, keepdims=True)
    return weights / np.where(total > 0, total, 1)


def _columns_normalised(train, test):
    return _rows_of_length_1((test * _idf(train)).T).T


def _empty_text(train, test):
    weights = test * _idf(train)
    return weights / np.linalg.norm(weights, axis=1, keepdims=True)


def _presence_only(train, test):
    return _rows_of_length_1((test > 0) * _idf(train))


def _counts(rng, n, n_words, often=1.0):
    """Counts of words; every row and every column has at least one."""
    counts = rng.poisson(often, (n, n_words))
    counts[np.arange(max(n, n_words)) % n, np.arange(max(n, n_words)) % n_words] += 1
    return counts


def _case(rng, n_train, n_test, n_words, often=0.8):
    train = _counts(rng, n_train, n_words, often)
    train[:, 0] += 1  # all training texts have the first word
    train[0, -1] += 4  # one has the last word again and again
    return train, _counts(rng, n_test, n_words)


def _with_empty_texts(rng, n_train, n_test, n_words):
    train, test = _case(rng, n_train, n_test, n_words)
    test[::2] = 0
    return train, test


def _with_unknown_words(rng, n_train, n_test, n_words):
    train, test = _case(rng, n_train, n_test, n_words)
    train[:, 1:3] = 0
    return train, test


def _finite(answer, train, test):
    return bool(np.isfinite(np.asarray(answer(train, test), dtype=float)).all())


TFIDF = Exercise(
    id="features.tfidf",
    title="tf-idf",
    minutes=20,
    task=r"""Write `my_tfidf(train, test)`. Both are arrays of counts: row = text, column = word, entry = how often the
text has the word. What is returned are the weights of the **test** texts,

$$w = \text{tf} \cdot \Big(\ln \frac{1 + n}{1 + \text{df}} + 1\Big), \qquad x = w / \lVert w \rVert ,$$

where tf is the count itself, $n$ is how many training texts there are, and df is in how many **training texts** the
word occurs, once or often. $\lVert w \rVert$ is the Euclidean length of the text's row.

- A text without any word stays a row of zeros.
- A word may be in no training text; the formula holds for it, too.""",
    starter='''def my_tfidf(train, test):
    """tf-idf rows of the test texts.

    train: counts (n_train, V); test: counts (n_test, V). Returns (n_test, V), rows of length 1, or 0 for an empty text.
    """
    df = ...  # (V,)
    idf = ...  # (V,)
    weights = ...  # (n_test, V)
    return ...
''',
    hints=(
        "From the training texts you need two things only: how many they are, and in how many of them each word "
        "occurs.",
        "`train > 0` is True where a text has a word; summed down the rows (axis=0) it counts texts, not words.",
        "`np.sqrt((weights**2).sum(axis=1, keepdims=True))` has one length for each text, (n_test, 1). Where it is 0, "
        "divide by 1: `np.where(length > 0, length, 1)`.",
    ),
    checks=(
        Check(
            "Each count is weighed by how few training texts have its word, and each row has length 1.",
            lambda rng: [
                _case(rng, 4, 3, 5),
                _case(rng, 7, 5, 4),
                _case(rng, 3, 3, 3),
                _case(rng, 9, 2, 6),
                _case(rng, 2, 6, 4),
            ],
            points=3,
        ),
        Check(
            "A single test text is weighed as it would be among others.",
            lambda rng: [_case(rng, 5, 1, 4), _case(rng, 3, 1, 6)],
        ),
        Check(
            "A text without a word stays a row of zeros.",
            lambda rng: [
                _with_empty_texts(rng, 4, 3, 5),
                _with_empty_texts(rng, 6, 4, 3),
                _with_empty_texts(rng, 2, 1, 4),
            ],
        ),
        Check(
            "A word of no training text divides nothing by zero.",
            lambda rng: [_with_unknown_words(rng, 4, 3, 5), _with_unknown_words(rng, 2, 2, 4)],
            observe=_finite,
        ),
        Check(
            "It holds for larger tables, in which most counts are 0 and some words are new.",
            lambda rng: [_with_unknown_words(rng, 40, 20, 30), _with_empty_texts(rng, 12, 9, 50)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "idf from test",
            "How rare a word is was counted among the *test* texts. What next week's reviews will talk about is not "
            "known when the system is built. And a single text would have df = 1 for every word: nothing would be "
            "rare. Count in `train`, weigh `test`.",
            _idf_from_test,
        ),
        Mistake(
            "idf from both parts",
            "The test texts helped to say which words are rare. There is no label in it, and it is a leak all the "
            "same: the test is a little kinder than life. n and df belong to the training part.",
            _idf_from_both,
        ),
        Mistake(
            "no smoothing",
            "Your idf is ln(n / df) + 1, without the ones in the fraction. They stand for one more text that has "
            "every word, so that df is never 0: a new word would otherwise weigh infinitely much.",
            _no_smoothing,
        ),
        Mistake(
            "forgets the 1 behind the logarithm",
            "A word that all training texts have weighs 0 in yours: it is deleted. The + 1 behind the logarithm keeps "
            "it, with the least weight there is. In a set where every review says 'good' or 'not good', 'good' still "
            "matters.",
            _forgets_plus_one,
        ),
        Mistake(
            "df counts words, not texts",
            "Your df is how often a word occurs altogether. One text that says 'bread' five times makes 'bread' look "
            "common, although no other text has it. The d stands for documents: in how many of them does it occur?",
            _df_counts_words,
        ),
        Mistake(
            "no normalising",
            "The weights are right, the rows have different lengths: say everything twice, and your row is twice as "
            "long, as if the meaning were. Bring each text to length 1.",
            _no_normalising,
        ),
        Mistake(
            "the sum is 1 instead of the length",
            "You divide by the *sum* of the weights. Then the product of two rows is no cosine, and a text with many "
            "different words gets a short row. The length is Euclid's: squares, sum, root.",
            _sum_1,
        ),
        Mistake(
            "normalises words instead of texts",
            "You brought each *column* to length 1: the weight of a word in one text then depends on the other test "
            "texts. Rows are texts; which axis has to be summed over, so that one number for each row is left?",
            _columns_normalised,
        ),
        Mistake(
            "an empty text becomes nan",
            "A text without a word has length 0, and 0 / 0 is nan. It happens: an emoji, a language nobody trained "
            "on. One nan spreads through every sum that it meets; such a row should stay zero.",
            _empty_text,
        ),
        Mistake(
            "presence instead of count",
            "Your tf is 1 wherever the word occurs. That can be a good choice, but it is another one: here a word "
            "that is said three times counts three times.",
            _presence_only,
        ),
    ),
    reference=my_tfidf,
    reading=(
        "Spärck Jones 1972, Journal of Documentation 28(1).",
        "`show_source(tf_idf)`; smoothed as in scikit-learn.",
    ),
)
