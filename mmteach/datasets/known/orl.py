"""The AT&T Database of Faces, also called ORL: 40 people, 10 photos each."""

from mmteach.datasets.known import KnownSet
from mmteach.datasets.layouts import read_class_folders

CARD = """\
# ORL: the AT&T Database of Faces

400 grey photos, 92 x 112 pixels, of 40 people, 10 each; taken at the Olivetti Research Laboratory, Cambridge,
from 1992 to 1994. Light, expression and glasses vary; the head is upright and the background dark.

- Layout: `s1/1.pgm` to `s40/10.pgm`. Label and group: the person.
- Terms: no formal licence. "When using these images, please give credit to Olivetti Research Laboratory."
- Cannot teach: many skin tones or ages (nearly all are young men of one laboratory), strong pose, bad light,
  a face in a scene. A high score here says little about faces elsewhere.
- Reference: F. Samaria and A. Harter, "Parameterisation of a stochastic model for human face identification",
  2nd IEEE Workshop on Applications of Computer Vision, 1994.
"""

SET = KnownSet(
    name="orl",
    about="400 photos of 40 people, AT&T/Olivetti Research Laboratory, 92 x 112 grey",
    card=CARD,
    open=read_class_folders,
    fits=lambda folder: (folder / "s1").is_dir() and (folder / "s2").is_dir(),
    by_hand="the folders s1 to s40 of the AT&T Database of Faces",
    note="real people, one laboratory, even light",
)
