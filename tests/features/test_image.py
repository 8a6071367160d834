from collections import Counter

import numpy as np
import pytest
from skimage import feature as skimage_feature
from sklearn.decomposition import PCA

from mmteach.errors import ModelFileError, NotFittedError, ParameterError
from mmteach.features import HOG, LBP, Eigenfaces, Pixels, hog, lbp, lbp_codes
from mmteach.types import Image

# Our bit of each bit in scikit-image: ours go clockwise from the upper left, theirs counter-clockwise from the right.
STRAIGHT = {0: 3, 2: 1, 4: 7, 6: 5}  # right, up, left, down
DIAGONAL = {1: 2, 3: 0, 5: 6, 7: 4}


def bit(codes, k):
    return codes.astype(int) >> k & 1


@pytest.mark.parametrize(("bits", "radius"), [(STRAIGHT, 1), (DIAGONAL, 2**0.5)])
def test_lbp_codes_are_those_of_scikit_image(pictures, bits, radius):
    """They sample a circle; at radius 1 its straight points, at sqrt(2) its diagonal ones fall on pixels."""
    for picture in pictures(3, 20, 15):
        ours = lbp_codes(picture[None])[0]
        theirs = skimage_feature.local_binary_pattern(picture, 8, radius)[1:-1, 1:-1]
        for their_bit, our_bit in bits.items():
            np.testing.assert_array_equal(bit(ours, our_bit), bit(theirs, their_bit))


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ([[9, 1, 1], [1, 5, 1], [1, 1, 1]], 0b00000001),
        ([[1, 9, 1], [1, 5, 1], [1, 1, 1]], 0b00000010),
        ([[1, 1, 9], [1, 5, 1], [1, 1, 1]], 0b00000100),
        ([[1, 1, 1], [1, 5, 1], [1, 1, 9]], 0b00010000),
        ([[1, 1, 1], [9, 5, 1], [1, 1, 1]], 0b10000000),
        ([[5, 1, 1], [1, 5, 1], [1, 1, 4]], 0b00000001),  # as bright counts, one less does not
        ([[7, 7, 7], [7, 7, 7], [7, 7, 7]], 0b11111111),
    ],
)
def test_lbp_codes_by_hand(window, code):
    assert lbp_codes(np.array([window]))[0, 0, 0] == code


def test_lbp_does_not_mind_brightness_and_contrast(pictures):
    dark = pictures(2) // 3
    np.testing.assert_array_equal(lbp_codes(dark), lbp_codes(dark * 2 + 50))
    np.testing.assert_array_equal(lbp_codes(dark), lbp_codes(np.sqrt(dark.astype(np.float64))))


def test_lbp_counts_the_59_uniform_patterns_of_each_cell(pictures):
    picture = pictures(1, 34, 34)
    x = lbp(picture, cell=16).reshape(4, 59)
    assert x.dtype == np.float32
    np.testing.assert_allclose((x**2).sum(axis=1), 1, atol=1e-5)  # squared, shares of the cell's pixels
    codes = lbp_codes(picture)[0, :16, :16].ravel().tolist()
    rings = [f"{code:08b}" for code in codes]
    uniform = [sum(r[i] != r[i - 1] for i in range(8)) <= 2 for r in rings]
    counts = Counter(code for code, is_uniform in zip(codes, uniform, strict=True) if is_uniform)
    np.testing.assert_allclose(x[0, 58] ** 2 * 256, 256 - sum(uniform), atol=1e-3)
    np.testing.assert_allclose([n for n in x[0, :58] ** 2 * 256 if n], [counts[c] for c in sorted(counts)], atol=1e-3)


def test_a_plain_picture_has_one_pattern():
    x = lbp(np.full((1, 18, 18), 100, np.uint8), cell=16)[0]
    assert sorted(x.tolist())[-2:] == [0.0, 1.0]


def test_lbp_cells_lie_where_they_should(pictures):
    picture = pictures(1, 34, 34)
    changed = picture.copy()
    changed[0, 20:, 20:] = 0  # within the last cell
    same = (lbp(picture) == lbp(changed)).reshape(4, 59).all(axis=1)
    assert same.tolist() == [True, True, True, False]


@pytest.mark.parametrize(("height", "width"), [(32, 24), (37, 30)])
def test_hog_is_that_of_scikit_image(pictures, height, width):
    x = hog(pictures(3, height, width))
    assert x.dtype == np.float32
    for ours, picture in zip(x, pictures(3, height, width), strict=True):
        theirs = skimage_feature.hog(
            picture, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), block_norm="L2-Hys"
        )
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_hog_takes_other_cells_and_orientations(pictures):
    theirs = skimage_feature.hog(
        pictures(1)[0], orientations=7, pixels_per_cell=(6, 6), cells_per_block=(2, 2), block_norm="L2-Hys"
    )
    np.testing.assert_allclose(hog(pictures(1), cell=6, orientations=7)[0], theirs, atol=1e-5)


def test_hog_of_a_plain_picture_is_zero():
    assert (hog(np.full((1, 16, 16), 9, np.uint8)) == 0).all()


def test_extractors_take_their_parameters_along(images):
    faces = images(2, 34, 34)
    stacked = np.stack([f.pixels for f in faces])
    np.testing.assert_array_equal(LBP(cell=8)(faces), lbp(stacked, cell=8))
    np.testing.assert_array_equal(HOG(cell=10, orientations=6)(faces), hog(stacked, cell=10, orientations=6))
    assert HOG(cell=10, orientations=6).params() == {"cell": 10, "orientations": 6}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: LBP(cell=0), "cell is 0"),
        (lambda: LBP(cell=8.5), "cell is 8.5"),
        (lambda: HOG(cell=10**9), "cell is 1000000000"),
        (lambda: HOG(orientations=10**9), "orientations is 1000000000"),
        (lambda: Eigenfaces(0), "n_components is 0"),
        (lambda: Eigenfaces(float("nan")), "n_components is nan"),
    ],
)
def test_a_parameter_out_of_range_is_refused(make, said):
    with pytest.raises(ParameterError, match=said):
        make()


@pytest.mark.parametrize(
    ("extractor", "said"), [(LBP(40), "cell is 40 pixels"), (HOG(40), "cell is 40"), (HOG(20), "2 x 2 cells")]
)
def test_a_cell_larger_than_the_picture_is_refused(extractor, said, images):
    with pytest.raises(ParameterError, match=said):
        extractor(images(2))


@pytest.mark.parametrize("extractor", [LBP(), HOG(), Eigenfaces()])
def test_colour_and_mixed_sizes_say_which_step_is_missing(extractor, images):
    for media, said in ((images(2, channels=3), "put Grey before"), ([*images(1), *images(1, 40, 40)], "put Resize")):
        use = extractor.fit if isinstance(extractor, Eigenfaces) else extractor
        with pytest.raises(ParameterError, match=said):
            use(media)


@pytest.mark.parametrize(("channels", "shape"), [(1, (3, 1, 32, 24)), (3, (3, 3, 32, 24))])
def test_pixels_put_the_channels_first(images, pictures, channels, shape):
    x = Pixels()(images(channels=channels))
    assert x.shape == shape
    assert x.dtype == np.float32
    np.testing.assert_array_equal(np.moveaxis(x, 1, -1).squeeze(), pictures(channels=channels))


def test_eigenfaces_are_the_principal_components(images):
    train, test = images(12), images(4, seed=1)
    faces = Eigenfaces(5)
    faces.fit(train)
    theirs = PCA(5, svd_solver="full").fit(np.stack([f.pixels.ravel() for f in train]).astype(float))
    wanted = theirs.transform(np.stack([f.pixels.ravel() for f in test]).astype(float))
    ours = faces(test)
    assert ours.shape == (4, 5)
    np.testing.assert_allclose(np.abs(ours), np.abs(wanted), rtol=1e-3, atol=1e-1)
    np.testing.assert_allclose(faces.components @ faces.components.T, np.eye(5), atol=1e-5)


def test_eigenfaces_of_the_training_part_have_zero_mean(images):
    train = images(12)
    faces = Eigenfaces(5)
    faces.fit(train)
    np.testing.assert_allclose(faces(train).mean(axis=0), 0, atol=1e-2)


def test_looking_at_a_test_face_teaches_eigenfaces_nothing(images):
    faces = Eigenfaces(3)
    faces.fit(images(6))
    before = {k: v.copy() for k, v in faces.state().items()}
    faces([Image(np.full((32, 24), 255, np.uint8))])
    assert all((before[k] == v).all() for k, v in faces.state().items())


@pytest.mark.parametrize(("n", "height", "width", "left"), [(4, 32, 24, 3), (100, 3, 3, 9)])
def test_there_are_no_more_eigenfaces_than_the_training_part_allows(images, n, height, width, left):
    faces = Eigenfaces(50)
    faces.fit(images(n, height, width))
    assert faces(images(2, height, width)).shape == (2, left)


def test_eigenfaces_come_back_from_their_state(images):
    faces, again = Eigenfaces(3), Eigenfaces(3)
    faces.fit(images(6))
    again.load_state(faces.state())
    np.testing.assert_array_equal(again(images(2, seed=1)), faces(images(2, seed=1)))


def test_eigenfaces_that_do_not_fit_their_mean_are_refused():
    with pytest.raises(ModelFileError, match="do not fit"):
        Eigenfaces().load_state({"mean": np.zeros(4, np.float32), "components": np.zeros((2, 5), np.float32)})


def test_eigenfaces_say_what_they_lack(images):
    with pytest.raises(NotFittedError, match="call fit"):
        Eigenfaces()(images())
    with pytest.raises(ParameterError, match="at least 2 training pictures, 1 came"):
        Eigenfaces().fit(images(1))
    faces = Eigenfaces(2)
    faces.fit(images(5))
    with pytest.raises(ParameterError, match="1600 pixels came, eigenfaces were fitted on 768"):
        faces(images(1, 40, 40))
    assert Eigenfaces().state() == {}
