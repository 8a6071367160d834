import numpy as np
import pytest

from mmteach.errors import ModelFileError, ParameterError
from mmteach.features import EXTRACTORS, HOG, LBP, Eigenfaces, Join, Pretrained, build_extractor


def test_join_puts_its_parts_side_by_side(images):
    faces = images(5)
    join = Join([LBP(8), HOG(), Eigenfaces(3)])
    join.fit(faces)
    alone = Eigenfaces(3)
    alone.fit(faces)
    wanted = np.concatenate([LBP(8)(faces), HOG()(faces), alone(faces)], axis=1)
    x = join(faces)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x, wanted)


def test_each_of_many_parts_gets_its_own_state_back(images):
    """With more than ten parts the key "1." must not take what belongs to "10." and "11."."""
    faces = images(20)
    join, again = (Join([Eigenfaces(k) for k in range(1, 13)]) for _ in range(2))
    join.fit(faces)
    assert len(join.state()) == 24
    again.load_state(join.state())
    for part, copy in zip(join.parts, again.parts, strict=True):
        np.testing.assert_array_equal(copy.components, part.components)
    np.testing.assert_array_equal(again(faces), join(faces))


def test_a_join_within_a_join(images):
    join, again = (Join([Eigenfaces(2), Join([LBP(8), Eigenfaces(3)])]) for _ in range(2))
    join.fit(images(6))
    again.load_state(join.state())
    np.testing.assert_array_equal(again(images(2)), join(images(2)))


def test_an_empty_join_is_refused():
    with pytest.raises(ParameterError, match="at least one"):
        Join([])


def test_every_extractor_is_built_again_from_its_name_and_parameters():
    for made in (HOG(4, 5), LBP(12), Eigenfaces(7), Pretrained("vgg16"), Join([LBP(3), Join([HOG(5)])])):
        again = build_extractor(made.name, made.params())
        assert type(again) is type(made)
        assert again.params() == made.params()
    assert {"pixels", "landmarks", "vector"} < set(EXTRACTORS)


@pytest.mark.parametrize("name", ["surf", "__reduce__", "os.system", ""])
def test_an_unknown_extractor_is_a_wrong_model_file(name):
    with pytest.raises(ModelFileError, match="known are eigenfaces, hog"):
        build_extractor(name, {})
