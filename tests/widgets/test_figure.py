"""A plot is drawn into one picture, stays in place, and always has words beside it."""

import io

import numpy as np
from PIL import Image as Pillow

from mmteach.widgets import figure
from mmteach.widgets.figure import Picture, Plot, bare, plain, to_png


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Pillow.open(io.BytesIO(png)))


def test_png_holds_the_pixels():
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    np.testing.assert_array_equal(pixels(to_png(grey)), grey)


def test_picture_keeps_its_proportions():
    picture = Picture()
    picture.show(np.zeros((10, 20, 3), np.uint8), "nothing but black", width=60)
    assert (picture.width, picture.height, picture.alt) == (60, 30, "nothing but black")


def test_redraw_shows_new_data_and_new_words():
    plot = Plot((2, 1.5))
    (line,) = plain(plot.axes[0], "title", "x", "y").plot([0, 1], [0, 1])
    plot.redraw("rises")
    before = plot.png
    line.set_ydata([1, 0])
    plot.redraw("falls")
    assert plot.png != before
    assert plot.alt == "falls"


def test_nothing_jumps_when_a_label_grows():
    plot = Plot((3, 2))
    ax = plain(plot.axes[0], y="short")
    plot.redraw("")
    place = ax.get_position().bounds
    ax.set_ylim(0, 1_000_000)
    plot.redraw("")
    assert ax.get_position().bounds == place
    plot.place_again()
    plot.redraw("")
    assert ax.get_position().bounds != place


def test_axes_come_row_by_row_and_pyplot_knows_of_none():
    from matplotlib import pyplot

    plot = Plot((4, 2), 2, 3)
    bare(plot.axes[5], "last")
    assert plot.axes.shape == (6,)
    assert plot.axes[5].get_title() == "last"
    assert pyplot.get_fignums() == []


def test_colours_differ():
    assert len(set(figure.COLOURS)) == 8
    assert figure.RIGHT != figure.WRONG
