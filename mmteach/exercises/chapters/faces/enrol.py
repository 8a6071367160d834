"""faces.enrol: somebody new, as one direction."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_enrol(embeddings):
    """The template of a person, of unit length: embeddings of n photos (n, E) -> (E,)."""
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    mean = (embeddings / np.maximum(lengths, 1e-12)).mean(axis=0)  # a photo without a direction adds nothing
    return mean / np.linalg.norm(mean)


def _unit(x):
    return x / np.linalg.norm(x)


def _mean_first(embeddings):
    return _unit(embeddings.mean(axis=0))


def _plain_mean(embeddings):
    return embeddings.mean(axis=0)


def _where_all_have_a_face(mistake):
    """Make the mistake where no photo is all zeros: whoever makes it may divide 0 by 0 beside, or may not."""

    def answer(embeddings):
        return mistake(embeddings) if embeddings.any(axis=1).all() else my_enrol(embeddings)

    return answer


@_where_all_have_a_face
def _first_photo(embeddings):
    return _unit(embeddings[0])


@_where_all_have_a_face
def _too_short(embeddings):
    return (embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)).mean(axis=0)


def _by_columns(embeddings):
    return _unit((embeddings / np.maximum(np.linalg.norm(embeddings, axis=0), 1e-12)).mean(axis=0))


def _zero_by_zero(embeddings):
    return _unit((embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)).mean(axis=0))


@_where_all_have_a_face
def _by_all_numbers(embeddings):
    return _unit((embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)).mean(axis=1))


def _photos(rng, n, dim, uneven=True):
    """Photos of one person: a direction, and around it; of very different lengths if `uneven`."""
    x = rng.normal(0, 1, dim) + rng.normal(0, 0.7, (n, dim))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return x * rng.uniform(0.1, 20, (n, 1)) if uneven else x


def _with_nothing(rng, n, dim, where):
    x = _photos(rng, n, dim)
    x[where] = 0
    return x


ENROL = Exercise(
    id="faces.enrol",
    title="Enrol somebody new",
    minutes=10,
    task="""Write `my_enrol(embeddings)`: the template of a person from the embeddings (n, E) of as many photos as
there are. Each photo counts by its **direction** alone, however long its embedding; the template (E,) is the mean of
the directions, brought to unit length,

$$t = \\frac{m}{|m|}, \\qquad m = \\frac{1}{n}\\sum_{i=1}^{n} \\frac{h_i}{|h_i|}.$$

Where no face was found, the embedding is all zeros. Such a photo has no direction and changes nothing; at least one
of the photos has one.""",
    starter='''def my_enrol(embeddings):
    """The template of a person, of unit length: embeddings of n photos (n, E) -> (E,)."""
    return ...
''',
    hints=(
        "Three steps: each photo to unit length, the mean over the photos, the mean to unit length.",
        "`np.linalg.norm(embeddings, axis=1, keepdims=True)` has one length a photo, (n, 1).",
        "A photo of zeros has length 0, and 0 / 0 is NaN. Divided by anything else it stays zeros, and adds nothing "
        "to the direction of the mean: `np.maximum(lengths, 1e-12)`.",
    ),
    checks=(
        Check(
            "The template is the mean direction of all photos.",
            lambda rng: [(_photos(rng, n, 4, uneven=False),) for n in (2, 3, 5)],
            points=2,
        ),
        Check(
            "A long embedding does not outvote the others.",
            lambda rng: [(_photos(rng, 3, 5),), (_photos(rng, 4, 4),), (np.array([[30.0, 0.0], [0.0, 0.1]]),)],
            points=2,
        ),
        Check("One photo is enough, and gives unit length.", lambda rng: [(_photos(rng, 1, 3),)]),
        Check(
            "A photo without a face changes nothing.",
            lambda rng: [(_with_nothing(rng, 4, 3, [1]),), (_with_nothing(rng, 3, 6, [0, 2]),)],
        ),
        Check(
            "It holds for many photos of many numbers.",
            lambda rng: [(_photos(rng, 40, 64),), (_with_nothing(rng, 30, 30, [0, 7, 8]),)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "mean before normalising",
            "The mean is taken of embeddings as long as they come, and only then brought to unit length: a photo with "
            "a long one, often just one with strong contrast, outvotes all others. First each photo to unit length, "
            "then the mean.",
            _mean_first,
        ),
        Mistake(
            "the plain mean",
            "That is the mean of the embeddings as they come. Two lengths are still in it: a photo with a long "
            "embedding outvotes the others, and the template itself is of any length. Only directions should count, "
            "before the mean and after it.",
            _plain_mean,
        ),
        Mistake(
            "one photo only",
            "Only the first photo speaks. Its light and its pose go into the template with it; in the mean of several "
            "directions such things cancel, and the person stays.",
            _first_photo,
        ),
        Mistake(
            "the mean is shorter than 1",
            "The direction is right, but the mean of different directions is shorter than each: the more the photos "
            "of somebody differ, the shorter. Compared by a dot product, that person would never reach the threshold. "
            "Bring the mean to unit length as well.",
            _too_short,
        ),
        Mistake(
            "columns instead of photos",
            "It is the columns that were brought to unit length: one number of the embedding over all photos. A photo "
            "is a row; its length runs over axis 1.",
            _by_columns,
        ),
        Mistake(
            "0 / 0 where no face was found",
            "A photo of zeros has length 0, and 0 / 0 is NaN: one failed photo, and the whole template is lost. What "
            "could its zeros be divided by, and stay zeros?",
            _zero_by_zero,
        ),
        Mistake(
            "mean over the wrong axis",
            "The mean runs over the numbers of each photo, so there is one number a photo. A template has as many "
            "numbers as an embedding: average over photos, axis 0.",
            _by_all_numbers,
        ),
    ),
    reference=my_enrol,
    reading=("show_source(mmteach.infer.Gallery): the same, with names.",),
)
