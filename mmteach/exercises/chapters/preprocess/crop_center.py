"""Cut the middle out of a picture."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_crop_center(picture, height, width):
    """Copy of the middle of a picture: (H, W) or (H, W, 3) -> at most (height, width), or (height, width, 3)."""
    n_rows, n_columns = picture.shape[:2]
    top = max(0, n_rows - height) // 2
    left = max(0, n_columns - width) // 2
    return picture[top : top + height, left : left + width].copy()


def _box(picture, top, left, height, width):
    """The box as it is right, for mistakes that are about where it begins."""
    top, left = max(0, top), max(0, left)
    return picture[top : top + height, left : left + width].copy()


def _columns_first(picture, height, width):
    top, left = max(0, picture.shape[0] - height) // 2, max(0, picture.shape[1] - width) // 2
    return picture[left : left + width, top : top + height].copy()


def _shape_read_as_width_height(picture, height, width):
    n_columns, n_rows = picture.shape[:2]
    return _box(picture, (n_rows - height) // 2, (n_columns - width) // 2, height, width)


def _height_and_width_exchanged(picture, height, width):
    return my_crop_center(picture, width, height)


def _end_too_far(picture, height, width):
    top, left = max(0, picture.shape[0] - height) // 2, max(0, picture.shape[1] - width) // 2
    return picture[top : top + height + 1, left : left + width + 1].copy()


def _spare_row_before(picture, height, width):
    return _box(picture, (picture.shape[0] - height + 1) // 2, (picture.shape[1] - width + 1) // 2, height, width)


def _rounded_twice(picture, height, width):
    return _box(picture, picture.shape[0] // 2 - height // 2, picture.shape[1] // 2 - width // 2, height, width)


def _two_halves(picture, height, width):
    row, column = picture.shape[0] // 2, picture.shape[1] // 2
    rows = slice(max(0, row - height // 2), row + height // 2)
    return picture[rows, max(0, column - width // 2) : column + width // 2].copy()


def _leaves_the_picture(picture, height, width):
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width].copy()


def _view(picture, height, width):
    top, left = max(0, picture.shape[0] - height) // 2, max(0, picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width]


def _corner(picture, height, width):
    return picture[:height, :width].copy()


def _after_writing(answer, picture, height, width):
    """What is left of a picture once its crop has been painted black."""
    own = picture.copy()
    crop = answer(own, height, width)
    if isinstance(crop, np.ndarray):
        crop[...] = 0
    return own


def _picture(rng, *shape):
    return rng.integers(1, 256, shape, dtype=np.uint8)


CROP_CENTER = Exercise(
    id="preprocess.crop_center",
    title="Cut out the middle",
    minutes=15,
    task="""Write `my_crop_center(picture, height, width)`: the middle of a picture, `height` rows by `width`
columns.

- A picture is an array `(H, W)`, grey, or `(H, W, 3)`, in colour. Rows come first.
- If `H - height` is odd, the one row too many is cut off at the bottom: `(H - height) // 2` rows go at the top, rounded
  down. The same for columns: the one too many is cut off at the right.
- If the box is higher than the picture, all rows are kept; if it is wider, all columns.
- What is returned is a **copy**: whoever paints on it does not change the picture.""",
    starter='''def my_crop_center(picture, height, width):
    """Copy of the middle of a picture.

    picture: (H, W) or (H, W, 3); height: rows to keep; width: columns to keep. Returns (height, width) or
    (height, width, 3), less where the picture is smaller.
    """
    n_rows, n_columns = ...
    top = ...
    left = ...
    return ...
''',
    hints=(
        "Take rows alone first. Of H rows, `height` stay: how many go, and how many of these go at the top?",
        "`picture.shape[:2]` is (rows, columns) in grey and in colour. A box that is too high has `H - height` below "
        "0, and a slice that begins below 0 counts from the end: let it begin at 0 at least, with `max`.",
        "`top = max(0, n_rows - height) // 2`, the same for `left`; then cut `picture[top : top + height, ...]`. A "
        "slice shares its numbers with the picture until you ask for `.copy()`.",
    ),
    checks=(
        Check(
            "It cuts out the middle where as much goes on either side.",
            lambda rng: [
                (_picture(rng, 8, 6), 4, 2),
                (_picture(rng, 5, 9), 3, 5),
                (_picture(rng, 9, 10), 1, 6),
                (_picture(rng, 4, 8), 4, 2),
            ],
            points=2,
        ),
        Check(
            "Where one row or column is too many, it is cut off at the bottom or at the right.",
            lambda rng: [
                (_picture(rng, 7, 8), 4, 3),
                (_picture(rng, 6, 9), 3, 4),
                (_picture(rng, 5, 5), 2, 3),
                (_picture(rng, 6, 4), 5, 1),
            ],
        ),
        Check(
            "Pictures in colour keep their three channels.",
            lambda rng: [(_picture(rng, 6, 4, 3), 2, 4), (_picture(rng, 5, 8, 3), 3, 1)],
        ),
        Check(
            "A box that is larger than the picture keeps all of it in that direction.",
            lambda rng: [
                (_picture(rng, 4, 7), 5, 3),
                (_picture(rng, 6, 3), 2, 4),
                (_picture(rng, 3, 4), 6, 8),
                (_picture(rng, 5, 5, 3), 5, 6),
            ],
        ),
        Check(
            "The picture stays as it is when somebody paints on the crop.",
            lambda rng: [(_picture(rng, 5, 4), 3, 2), (_picture(rng, 2, 3), 2, 3)],
            observe=_after_writing,
        ),
        Check(
            "It holds for every size up to 12 by 12.",
            lambda rng: [(_picture(rng, *rng.integers(1, 13, 2)), *rng.integers(1, 15, 2).tolist()) for _ in range(40)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "x/y swapped: columns first",
            "Your slices say x first, then y, as one says on a map. In an array the first index counts rows, from the "
            "top, and the second counts columns. In a square picture with a square box nobody would notice.",
            _columns_first,
        ),
        Mistake(
            "x/y swapped: the shape",
            "`shape` of a picture is (rows, columns), that is (height, width); programs that show photos say it the "
            "other way round, '640 x 480'. Which of the two numbers did you call the rows?",
            _shape_read_as_width_height,
        ),
        Mistake(
            "x/y swapped: height and width of the box",
            "Your box lies on its side: it has `width` rows and `height` columns. The height of a box is a number of "
            "rows.",
            _height_and_width_exchanged,
        ),
        Mistake(
            "off by one: the end counts too",
            "Your crop has a row and a column too many. A slice `a : b` stops *before* b, so it has b - a rows: from "
            "`top` on, `height` of them end where exactly?",
            _end_too_far,
        ),
        Mistake(
            "off by one: the spare row goes at the top",
            "Where an odd number of rows goes, yours cuts the larger half off at the top (or left). Agreed was the "
            "smaller half: the number of rows to go, halved and rounded *down*. A pixel sounds like nothing, until "
            "landmarks are moved along.",
            _spare_row_before,
        ),
        Mistake(
            "off by one: rounded twice",
            "`H // 2 - height // 2` rounds two numbers, and the two errors do not always cancel: try 6 rows and a box "
            "of 3. Subtract first, then halve, and only one number is rounded.",
            _rounded_twice,
        ),
        Mistake(
            "half a box on either side",
            "From the centre you go `height // 2` up and as much down: together that is an even number, so a box of 5 "
            "rows gets only 4. Find where the box begins, and count its full height from there.",
            _two_halves,
        ),
        Mistake(
            "leaves the picture",
            "Where the box is larger than the picture its first row is negative, and in Python a negative index "
            "counts from the *end*: no error, only a strange crop or an empty one. Where should a box begin that is "
            "too large?",
            _leaves_the_picture,
        ),
        Mistake(
            "returns a view",
            "A slice of an array is a window on the same numbers, not a copy: paint on your crop and the picture "
            "outside has a hole. That saves memory, and surprises whoever still needs the picture.",
            _view,
        ),
        Mistake(
            "the corner",
            "The size is right, but the box starts at row 0 and column 0: that is the upper left corner. How many "
            "rows must go at the top so that as many go at the bottom?",
            _corner,
        ),
    ),
    reference=my_crop_center,
    reading=("`show_source(Crop)`: the library's box has fractions, so that it means the same at every size.",),
)
