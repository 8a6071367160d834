"""A plot is drawn into one picture, stays in place, and always has words beside it."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from mmteach.widgets import figure
from mmteach.widgets.figure import Picture, Plot, bare, limit, plain, to_png


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


@pytest.fixture
def busy():
    """A plot of all kinds of artists, what moves within it, and the x axes that have been drawn."""
    plot, drawn = Plot((4, 2), 1, 2), []
    left, right = plot.axes
    (line,) = plain(left, "title", "x", "y").plot([0, 1], [0, 1], label="a line")
    bars, middle = left.barh([0.2, 0.6], [0.3, 0.6], height=0.3), left.axvline(0.5)
    left.legend()
    image, word = right.imshow(np.eye(4)), right.text(1, 1, "one", color="red")
    for axis in (left.xaxis, right.xaxis):
        axis.draw = lambda renderer, axis=axis, draw=axis.draw: (drawn.append(axis), draw(renderer))
    plot.redraw("before")
    drawn.clear()

    def move():
        line.set_ydata([1, 0])
        bars[0].set_width(0.9)
        middle.set_xdata([0.4, 0.4])
        image.set_data(np.eye(4)[::-1])
        word.set_text("two")
        left.set_title("another title")

    return plot, move, drawn


def test_a_step_looks_as_if_everything_had_been_drawn_anew(busy):
    plot, move, _ = busy
    before = pixels(plot.png)
    plot.redraw("the same")
    np.testing.assert_array_equal(pixels(plot.png), before)
    move()
    plot.redraw("after")
    for ax in plot.axes:
        for artist in ax.get_children():
            artist.set_animated(False)
    plot._canvas.draw()
    wanted = np.asarray(plot._canvas.buffer_rgba())[..., :3]
    assert (pixels(plot.png) != before).any()
    np.testing.assert_array_equal(pixels(plot.png), wanted)


def test_ticks_are_drawn_again_only_where_they_have_changed(busy):
    plot, move, drawn = busy
    move()
    limit(plot.axes[0], x=tuple(plot.axes[0].get_xlim()), y=tuple(plot.axes[0].get_ylim()))
    plot.redraw("after")
    assert drawn == []
    before = pixels(plot.png)
    limit(plot.axes[0], x=(0, 9))
    plot.redraw("farther away")
    assert plot.axes[0].xaxis in drawn
    assert (pixels(plot.png) != before).any()


def test_what_comes_later_or_goes_is_seen(busy):
    plot, _, _ = busy
    before = pixels(plot.png)
    dot = plot.axes[0].plot([0.5], [0.5], "o", ms=20)[0]
    plot.redraw("with a dot")
    assert (pixels(plot.png) != before).any()
    dot.remove()
    plot.redraw("without it")
    np.testing.assert_array_equal(pixels(plot.png), before)


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
