"""Local binary patterns: eight comparisons, eight bits."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_lbp(picture):
    """Codes (H - 2, W - 2) of a grey picture (H, W): one bit for each of the eight neighbours."""
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    n_rows, n_columns = picture.shape[0] - 2, picture.shape[1] - 2
    centre = picture[1:-1, 1:-1]
    codes = np.zeros((n_rows, n_columns), dtype=int)
    for p, (i, j) in enumerate(ring):
        neighbour = picture[i : i + n_rows, j : j + n_columns]
        codes += (neighbour >= centre) * 2**p
    return codes


_POWERS = (1, 2, 4, 8, 16, 32, 64, 128)
_RING = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))


def _codes(picture, ring=_RING, bit=lambda neighbour, centre: neighbour >= centre, weights=_POWERS):
    """Codes with another ring, another comparison or other weights: for mistakes that are about one of them."""
    h, w = picture.shape[0] - 2, picture.shape[1] - 2
    bits = [bit(picture[i : i + h, j : j + w], picture[1:-1, 1:-1]) for i, j in ring]
    return sum(b.astype(int) * k for b, k in zip(bits, weights, strict=True))


def _wrong_way_round(picture):
    return _codes(picture, bit=lambda neighbour, centre: centre >= neighbour)


def _strict(picture):
    return _codes(picture, bit=lambda neighbour, centre: neighbour > centre)


def _line_by_line(picture):
    return _codes(picture, ring=[(i, j) for i in range(3) for j in range(3) if (i, j) != (1, 1)])


def _counter_clockwise(picture):
    return _codes(picture, ring=(_RING[0], *_RING[:0:-1]))


def _first_bit_largest(picture):
    return _codes(picture, weights=_POWERS[::-1])


def _right_first(picture):
    return _codes(picture, ring=(*_RING[3:], *_RING[:3]))


def _counts(picture):
    return _codes(picture, weights=[1] * 8)


def _border_kept(picture):
    return _codes(np.pad(picture, 1))


def _difference_wraps(picture):
    return _codes(picture, bit=lambda neighbour, centre: neighbour - centre >= 0)


def _where_all_neighbours_are(answer, picture):
    """Codes of the pixels that have eight neighbours; an answer may give codes at the border as well."""
    codes = _written(answer(picture))
    return codes[1:-1, 1:-1] if codes.shape == picture.shape else codes


def _shape(answer, picture):
    return list(_written(answer(picture)).shape)


def _written(codes):
    if codes is ...:
        raise NotImplementedError  # the starter as it comes
    return np.asarray(codes)


def _grey(rng, h, w, most=256):
    return rng.integers(0, most, (h, w), dtype=np.uint8)


def _spot(i, j):
    """A single bright neighbour, at row i and column j of three."""
    picture = np.full((3, 3), 50, np.uint8)
    picture[1, 1], picture[i, j] = 100, 200
    return picture


LBP = Exercise(
    id="features.lbp",
    title="Local binary patterns",
    minutes=20,
    task=r"""Write `my_lbp(picture)`: the codes of a grey picture `(H, W)` of uint8. Every pixel $g_c$ that has eight
neighbours gets one,

$$\text{LBP} = \sum_{p=0}^{7} s(g_p - g_c)\, 2^p, \qquad s(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 . \end{cases}$$

- $g_0$ is the upper left neighbour, and the others follow **clockwise**: $g_1$ above, $g_2$ upper right, $g_3$ right,
  and so on to $g_7$, left.
- Pixels at the border lack neighbours and get no code: `(H - 2, W - 2)` whole numbers from 0 to 255 are returned.
- `picture` has three rows and three columns at least.""",
    starter='''def my_lbp(picture):
    """Codes of a grey picture: one bit for each of the eight neighbours.

    picture: (H, W) uint8. Returns (H - 2, W - 2), whole numbers from 0 to 255.
    """
    n_rows, n_columns = picture.shape[0] - 2, picture.shape[1] - 2
    centre = picture[1:-1, 1:-1]  # (H - 2, W - 2)
    ...
    return ...
''',
    hints=(
        "Two loops over all pixels work. Shorter: shift the whole picture by one pixel and compare it with `centre` "
        "at once.",
        "The upper left neighbours of all centres are `picture[0 : n_rows, 0 : n_columns]`, the ones above them "
        "`picture[0 : n_rows, 1 : 1 + n_columns]`. Where does the slice of the lower right ones begin?",
        "List the eight (row, column) at which the slices begin, clockwise: (0, 0), (0, 1), (0, 2), (1, 2), ... and "
        "add `(neighbour >= centre) * 2**p` for each, where p counts them from 0.",
    ),
    checks=(
        Check(
            "The code of a pixel has a bit for each neighbour that is at least as bright.",
            lambda rng: [(_grey(rng, 3, 3),), (_grey(rng, 4, 6),), (_grey(rng, 7, 5),), (_grey(rng, 5, 5),)],
            points=2,
            observe=_where_all_neighbours_are,
        ),
        Check(
            "A neighbour that is just as bright sets its bit, too.",
            lambda rng: [(_grey(rng, 5, 4, most=3),), (np.full((3, 5), 9, np.uint8),), (_grey(rng, 3, 6, most=2),)],
            observe=_where_all_neighbours_are,
        ),
        Check(
            "Each neighbour has a bit of its own, clockwise from the upper left.",
            lambda rng: [(_spot(i, j),) for i, j in _RING],
            points=2,
            observe=_where_all_neighbours_are,
        ),
        Check(
            "Pixels at the border get no code.",
            lambda rng: [(_grey(rng, 3, 3),), (_grey(rng, 6, 4),), (_grey(rng, 3, 8),)],
            observe=_shape,
        ),
        Check(
            "It holds for larger pictures, bright and dark.",
            lambda rng: [(_grey(rng, 24, 31),), (_grey(rng, 31, 24, most=6),)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "comparison the wrong way round",
            "Your bit says that the *centre* is at least as bright as the neighbour. In the formula s(z) is 1 where "
            "g_p - g_c is not negative. On a bright spot your code is full, where it should be empty.",
            _wrong_way_round,
        ),
        Mistake(
            "comparison without equality",
            "Where neighbour and centre are equally bright you write 0, but s(0) is 1. In flat skin or sky that is "
            "every bit: a flat patch has the code 255, and yours has 0.",
            _strict,
        ),
        Mistake(
            "neighbour order: line by line",
            "You number the neighbours as one reads, row after row. Then neighbouring bits are not neighbouring "
            "pixels, and 'at most two changes round the ring', which tells edges and corners from noise, loses its "
            "meaning. Walk round the pixel instead.",
            _line_by_line,
        ),
        Mistake(
            "neighbour order: counter-clockwise",
            "You start at the upper left, but then go down instead of to the right. Either you walk round the other "
            "way, or your offsets are (x, y) while an array takes (row, column): both give the codes of a mirrored "
            "picture.",
            _counter_clockwise,
        ),
        Mistake(
            "neighbour order: first bit largest",
            "The first neighbour has weight 128 in yours and the last one 1, as digits are written. In the formula "
            "neighbour p has weight 2 to the p: the first has 1.",
            _first_bit_largest,
        ),
        Mistake(
            "neighbour order: starts at the right",
            "You walk clockwise, but start at the right neighbour, where angles start in mathematics. Agreed was the "
            "upper left; whoever compares two histograms needs the same start.",
            _right_first,
        ),
        Mistake(
            "counts the bits",
            "You count *how many* neighbours are at least as bright. An edge from the left and one from above then "
            "look the same: it is the weight 2 to the p that keeps which neighbour it was.",
            _counts,
        ),
        Mistake(
            "border",
            "Your codes have the size of the picture, so pixels at the border were compared with neighbours that "
            "nobody photographed: zeros, or repeated pixels. Such codes say something about the frame, not the face. "
            "Leave the border out.",
            _border_kept,
        ),
        Mistake(
            "the difference of uint8 wraps",
            "You subtract two uint8, and these know no minus: 3 - 5 is 254, which is not below 0. So every bit is "
            "set, everywhere. Compare the two directly, or turn them into a signed type first.",
            _difference_wraps,
        ),
    ),
    reference=my_lbp,
    reading=("Ojala, Pietikäinen, Mäenpää 2002, IEEE TPAMI 24(7), section 2.", "`show_source(lbp_codes)`."),
)
