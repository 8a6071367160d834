"""tf-idf is scikit-learn's to the sixth decimal; tokens are what a reader would point at; nothing damaged is loaded."""

import time

import numpy as np
import pytest
from safetensors.numpy import load, save
from sklearn.feature_extraction.text import TfidfVectorizer

from mmteach.errors import DataError, ModelFileError, NotFittedError, ParameterError
from mmteach.features import EXTRACTORS, NGrams, Tokens, build_extractor, inverse_document_frequency, tf_idf

TEXTS = [
    "a good film , a very good film !",
    "not a good film",
    "it 's bad , really bad ... and long",
    "does n't work at all",
    "味道很好，送餐很快！",
    "味道不好",
    "送餐太慢了，不好",
    "good 👍 很好",
    ",",
]
SEEN_BY_NONE = ["unheard-of words", "สวัสดี", "👎👎", "", ", ; :"]


def dense(extractor: NGrams, texts: list[str]) -> np.ndarray:
    out = np.zeros((len(texts), extractor.n_tokens))
    for row, pairs in zip(out, extractor(texts), strict=True):
        row[pairs[:, 0].astype(int)] = pairs[:, 1]
    return out


@pytest.mark.parametrize("sublinear", [False, True])
@pytest.mark.parametrize(("words", "characters", "min_count"), [(1, 0, 1), (2, 0, 2), (3, 0, 1), (2, 5, 1), (1, 4, 2)])
def test_weights_are_those_of_scikit_learn(words, characters, min_count, sublinear):
    ours = NGrams(words, characters, min_count, sublinear=sublinear)
    ours.fit(TEXTS)
    theirs = TfidfVectorizer(
        analyzer=ours.terms, sublinear_tf=sublinear, min_df=min_count, vocabulary=None, dtype=np.float64
    ).fit(TEXTS)
    assert set(ours.vocabulary) == set(theirs.vocabulary_)
    order = [theirs.vocabulary_[term] for term in ours.vocabulary]
    for texts in (TEXTS, SEEN_BY_NONE, ["bad good bad film"]):
        np.testing.assert_allclose(dense(ours, texts), theirs.transform(texts).toarray()[:, order], atol=1e-6)
        np.testing.assert_allclose(ours.matrix(texts).toarray(), dense(ours, texts), atol=1e-7)


@pytest.mark.parametrize("sublinear", [False, True])
def test_the_equation_gives_the_same_as_the_extractor(sublinear):
    ours = NGrams(words=1, min_count=1, sublinear=sublinear)
    ours.fit(TEXTS)
    counts = np.array([[ours.terms(text).count(term) for term in ours.vocabulary] for text in TEXTS])
    np.testing.assert_allclose(tf_idf(counts, sublinear), dense(ours, TEXTS), atol=1e-6)


def test_the_equation_by_hand():
    np.testing.assert_allclose(inverse_document_frequency(np.array([1, 3]), 3), [np.log(2) + 1, 1])
    np.testing.assert_allclose(tf_idf(np.array([[3, 0], [0, 0]])), [[1, 0], [0, 0]])


def test_lengths_are_one_and_indices_rise():
    extractor = NGrams(2, 4, 1)
    extractor.fit(TEXTS)
    for pairs in extractor(TEXTS[:-1]):
        assert pairs.dtype == np.float32
        assert np.linalg.norm(pairs[:, 1]) == pytest.approx(1, abs=1e-6)
        assert (np.diff(pairs[:, 0]) > 0).all()


@pytest.mark.parametrize("text", SEEN_BY_NONE)
def test_a_text_with_nothing_known_has_no_rows(text):
    extractor = NGrams()
    extractor.fit(TEXTS)
    (pairs,) = extractor([text])
    assert pairs.shape == (0, 2)
    assert pairs.dtype == np.float32


def test_vocabulary_is_ordered_by_texts_then_name_whatever_the_order_of_texts():
    extractor, other = NGrams(1, min_count=1), NGrams(1, min_count=1)
    extractor.fit(TEXTS)
    other.fit(TEXTS[::-1])
    assert extractor.vocabulary == other.vocabulary
    assert extractor.vocabulary[:4] == ("好", "good", "a", "film")  # in 4, 3, 2 and 2 texts
    assert extractor.describe(1) == "good"
    few = NGrams(1, min_count=1, most=3)
    few.fit(TEXTS)
    assert few.vocabulary == extractor.vocabulary[:3]
    assert len(few.idf) == few.n_tokens == 3


def test_chinese_bigrams_and_pieces_of_words():
    assert NGrams(2).terms("很好吃") == ["很", "好", "吃", "很 好", "好 吃"]
    assert NGrams(1, 3).terms("funny 好 👍 10000") == ["funny", "好", "👍", "10000", "fun*", "*unn*", "*nny"]


def test_pieces_let_an_unseen_form_be_known():
    words, pieces = NGrams(1, 0, 1), NGrams(1, 4, 1)
    for extractor in (words, pieces):
        extractor.fit(["delightful", "awful"])
    assert len(words(["delighted"])[0]) == 0
    assert "deli*" in [pieces.describe(int(i)) for i in pieces(["delighted"])[0][:, 0]]


def test_tokens_are_numbered_by_frequency_and_cut():
    extractor = Tokens(most=3, length=4)
    extractor.fit(["b b b a a c c d"])
    assert extractor.vocabulary == ("", "b", "a", "c")
    assert extractor.n_tokens == 4
    first, second = extractor(["a d b zzz c c", ""])
    assert first.tolist() == [[2], [0], [1], [0]]
    assert first.dtype == np.float32
    assert second.shape == (0, 1)
    assert [extractor.describe(i) for i in range(4)] == ["(unknown)", "b", "a", "c"]


@pytest.mark.parametrize("extractor", [NGrams(1, 4, 1, 30, True), Tokens(20, 5)], ids=lambda e: e.name)
def test_saved_and_loaded_is_the_same(extractor):
    assert extractor.state() == {}
    extractor.fit(TEXTS)
    again = build_extractor(extractor.name, extractor.params())
    again.load_state(load(save(extractor.state())))
    assert again.vocabulary == extractor.vocabulary
    for a, b in zip(again(TEXTS), extractor(TEXTS), strict=True):
        np.testing.assert_array_equal(a, b)
    assert EXTRACTORS[extractor.name] is type(extractor)


def as_bytes(text: bytes) -> np.ndarray:
    return np.frombuffer(text, np.uint8)


TWO = np.ones(2, np.float32)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({}, "nothing came"),
        ({"vocabulary": np.zeros(3)}, "float64 of shape"),
        ({"vocabulary": np.zeros((2, 2), np.uint8)}, "shape \\(2, 2\\)"),
        ({"vocabulary": as_bytes(b"a\n\xff"), "idf": TWO}, "not UTF-8"),
        ({"vocabulary": as_bytes(b"a\na"), "idf": TWO}, "one word twice"),
        ({"vocabulary": as_bytes(b"a\n"), "idf": TWO}, "empty word"),
        ({"vocabulary": as_bytes(b"a\nb")}, "weights of shape None"),
        ({"vocabulary": as_bytes(b"a\nb"), "idf": TWO[:1]}, "2 n-grams do not fit weights"),
        ({"vocabulary": as_bytes(b"a\nb"), "idf": np.ones(2, np.int64)}, "do not fit"),
        ({"vocabulary": as_bytes(b"a\nb"), "idf": -TWO}, "not a positive number"),
        ({"vocabulary": as_bytes(b"a\nb"), "idf": TWO * np.nan}, "not a positive number"),
    ],
)
def test_damaged_states_are_refused(state, said):
    with pytest.raises(ModelFileError, match=said):
        NGrams().load_state(state)
    if "idf" not in said and "weights" not in said and "positive" not in said and "fit" not in said:
        with pytest.raises(ModelFileError, match=said):
            Tokens().load_state(state)


@pytest.mark.parametrize(
    "bad",
    [
        {"words": 0},
        {"words": 1.5},
        {"words": True},
        {"characters": 2},
        {"characters": 9},
        {"min_count": 0},
        {"most": 0},
    ],
)
def test_parameters_out_of_range_are_a_sentence(bad):
    with pytest.raises(ParameterError, match="must be a whole number from"):
        NGrams(**bad)


@pytest.mark.parametrize("bad", [{"length": 0}, {"most": 0}, {"min_count": 0}])
def test_parameters_of_tokens_too(bad):
    with pytest.raises(ParameterError, match="must be a whole number from"):
        Tokens(**bad)


@pytest.mark.parametrize("extractor", [NGrams(), Tokens()], ids=lambda e: e.name)
def test_not_fitted_or_nothing_to_fit_on_is_a_sentence(extractor):
    with pytest.raises(NotFittedError, match="call fit on the training texts first"):
        extractor(["good"])
    for texts in ([], [",", ""]):
        with pytest.raises(ParameterError, match="give more texts or lower min_count"):
            extractor.fit(texts)
    extractor.fit(["good good", "good"])
    with pytest.raises(ParameterError, match="index 7"):
        extractor.describe(7)


@pytest.mark.parametrize("extractor", [NGrams(), Tokens()], ids=lambda e: e.name)
def test_what_is_no_text_is_a_sentence(extractor):
    with pytest.raises(DataError, match="a text was needed, a ndarray came"):
        extractor.fit([np.zeros(3)])


def test_linear_models_take_the_matrix():
    from sklearn.linear_model import LogisticRegression

    extractor, y = NGrams(1, 0, 1), [1, 1, 0, 0, 1, 0, 0, 1, 0]
    extractor.fit(TEXTS)
    model = LogisticRegression(C=100, solver="liblinear").fit(extractor.matrix(TEXTS), y)
    assert model.score(extractor.matrix(TEXTS), y) > 0.8
    assert extractor.matrix([]).shape == (0, extractor.n_tokens)


def test_long_texts_are_quick():
    rng = np.random.default_rng(0)
    texts = [" ".join(f"w{i}" for i in rng.integers(0, 3000, 10_000)), "a" * 1_000_000, "好" * 100_000]
    begun = time.process_time()
    extractor = NGrams(2, 5, 1)
    extractor.fit(texts)
    extractor(texts)
    assert time.process_time() - begun < 5
