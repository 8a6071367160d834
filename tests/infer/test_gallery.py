import numpy as np
import pytest

from mmteach.errors import ParameterError
from mmteach.infer.gallery import Gallery

UP, RIGHT = np.array([0.0, 1.0]), np.array([1.0, 0.0])


def test_the_most_alike_come_first():
    gallery = Gallery()
    gallery.enrol("ann", 7 * UP)
    gallery.enrol(" bob ", np.stack([RIGHT, RIGHT]))
    found = gallery.match(np.array([3.0, 1.0]))
    assert [m.name for m in found] == ["bob", "ann"]
    assert [m.cosine for m in found] == pytest.approx([3 / 10**0.5, 1 / 10**0.5])
    assert gallery.names == ("ann", "bob")
    assert gallery.n_photos("bob") == 2


def test_a_person_is_the_mean_direction_of_all_photos():
    gallery = Gallery()
    gallery.enrol("ann", 100 * UP)
    gallery.enrol("ann", RIGHT)  # no photo speaks louder than another
    assert gallery.match(np.array([1.0, 1.0]))[0].cosine == pytest.approx(1)
    assert gallery.n_photos("ann") == 2


def test_who_is_removed_is_forgotten():
    gallery = Gallery()
    gallery.enrol("ann", UP)
    gallery.remove("ann")
    gallery.remove("ann")
    assert gallery.names == ()
    with pytest.raises(ParameterError, match="nobody is enrolled"):
        gallery.match(UP)


@pytest.mark.parametrize(
    ("name", "embeddings", "said"),
    [("  ", UP, "name is empty"), ("bob", np.zeros((0, 2)), r"\(0, 2\)"), ("bob", np.ones(3), r"\(1, 3\)")],
)
def test_what_cannot_be_enrolled_gets_a_sentence(name, embeddings, said):
    gallery = Gallery()
    gallery.enrol("ann", UP)
    with pytest.raises(ParameterError, match=said):
        gallery.enrol(name, embeddings)
    assert gallery.names == ("ann",)
