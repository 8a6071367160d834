import numpy as np
import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.preprocess.augment import RandomView, Speed, fixed_views
from mmteach.types import Waveform

STILL = {"rotate": 0, "scale": 0, "shift": 0, "mirror": 0, "light": 0, "cover": 0}


def pictures(n=6, channels=1, height=16, width=16):
    return torch.randn(n, channels, height, width, generator=torch.Generator().manual_seed(5))


def seen(x, seed=0, **changes):
    return RandomView(**{**STILL, **changes})(x, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("channels", [1, 3])
def test_no_change_at_all_is_the_identity(channels):
    x = pictures(channels=channels, width=12)
    torch.testing.assert_close(seen(x), x, atol=1e-5, rtol=0)


def test_the_same_seed_gives_the_same_view():
    x, view = pictures(), RandomView(cover=0.5)
    first, again, other = (view(x, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_torch_s_own_seed_does_not_matter():
    x, views = pictures(), []
    for seed in (0, 1):
        torch.manual_seed(seed)
        views.append(RandomView(cover=0.5)(x, torch.Generator().manual_seed(3)))
    assert torch.equal(*views)


def test_mirror_swaps_left_and_right():
    x = pictures(width=12)
    torch.testing.assert_close(seen(x, mirror=1), x.flip(-1), atol=1e-5, rtol=0)


def test_about_half_are_mirrored():
    x = pictures(1).expand(400, -1, -1, -1)
    share = (seen(x, mirror=0.5) - x).abs().amax(dim=(1, 2, 3)).gt(0.1).float().mean()
    assert 0.4 < share < 0.6


def test_cover_hides_a_square_of_a_quarter_of_the_height():
    covered = seen(torch.ones(8, 2, 16, 16), cover=1)
    assert covered.eq(0).float().mean(dim=(1, 2, 3)).tolist() == [1 / 16] * 8
    assert torch.equal(covered[:, 0], covered[:, 1])


def test_cover_is_chosen_for_its_share_of_the_pictures():
    covered = seen(torch.ones(400, 1, 16, 16), cover=0.25).eq(0).any(dim=(1, 2, 3)).float().mean()
    assert 0.18 < covered < 0.32


def test_each_picture_gets_its_own_view():
    x = pictures(1).expand(5, -1, -1, -1)
    for change in ({"rotate": 20}, {"scale": 0.3}, {"shift": 0.2}, {"light": 1}):
        y = seen(x, **change)
        assert all(not torch.allclose(y[0], y[i], atol=1e-3) for i in range(1, 5)), change


def test_light_changes_brightness_and_contrast_alone():
    x = pictures()
    y = seen(x, light=0.5)
    for before, after in zip(x.flatten(1), y.flatten(1), strict=True):
        assert torch.corrcoef(torch.stack([before, after]))[0, 1] == pytest.approx(1, abs=1e-5)
    contrast = y.std(dim=(1, 2, 3)) / x.std(dim=(1, 2, 3))
    brightness = y.mean(dim=(1, 2, 3)) - contrast * x.mean(dim=(1, 2, 3))
    for change in (contrast - 1, brightness):
        assert change.abs().max() <= 0.5
        assert change.std() > 0.05


def test_a_shift_stays_within_its_share():
    x = torch.zeros(50, 1, 20, 20)
    x[:, :, 10, 10] = 1
    y = seen(x, shift=0.1).flatten(1)
    places = torch.stack([y.argmax(dim=1) // 20, y.argmax(dim=1) % 20])
    assert (places - 10).abs().max() <= 2
    assert (places != 10).any(dim=0).float().mean() > 0.5


def test_the_given_pictures_stay_as_they_are():
    x = pictures()
    before = x.clone()
    RandomView(cover=1.0)(x, torch.Generator().manual_seed(0))
    assert torch.equal(x, before)


def test_fixed_views_are_nearer_and_farther_each_also_mirrored():
    x = pictures(width=12)
    views = fixed_views(x, zooms=(0.8, 1.0, 1.25))
    assert [v.shape for v in views] == [x.shape] * 6
    same = [i for i, v in enumerate(views) if torch.allclose(v, x, atol=1e-5)]
    mirrored = [i for i, v in enumerate(views) if torch.allclose(v, x.flip(-1), atol=1e-5)]
    assert len(same) == len(mirrored) == 1
    turned = fixed_views(x.flip(-1), zooms=(0.8, 1.0, 1.25))
    for view in turned:  # of a mirrored picture they are the same six
        assert any(torch.allclose(view, v, atol=1e-5) for v in views)


def test_fixed_views_zoom_about_the_centre():
    x = torch.zeros(1, 1, 41, 41)
    x[..., 20, 20] = x[..., 20, 30] = 1
    for zoom in (0.8, 1.25):
        view, _ = fixed_views(x, zooms=(zoom,))
        assert view[0, 0, 20, 20] > 0.5
        distance = view[0, 0, 20, 23:].argmax().item() + 3
        assert distance == pytest.approx(10 * zoom, abs=0.6)


@pytest.mark.parametrize(
    ("name", "value"),
    [("rotate", 181), ("scale", -0.1), ("shift", 2), ("mirror", 1.5), ("light", float("nan")), ("cover", -1)],
)
def test_a_parameter_out_of_range_is_refused(name, value):
    with pytest.raises(ParameterError, match=f"{name} is {value}"):
        RandomView(**{name: value})


def tone(hertz=200.0, rate=16_000, seconds=0.5):
    t = np.arange(int(rate * seconds)) / rate
    return Waveform((0.5 * np.sin(2 * np.pi * hertz * t)).astype(np.float32), rate)


def test_speed_shortens_and_raises():
    clip, generator = tone(), torch.Generator()
    fast = Speed((2.0,)).view(clip, 0, generator)
    assert abs(len(fast.samples) - len(clip.samples) / 2) <= 2
    spectrum = np.abs(np.fft.rfft(fast.samples))
    assert spectrum.argmax() * 16_000 / len(fast.samples) == pytest.approx(400, abs=8)
    np.testing.assert_array_equal(clip.samples, tone().samples)


def test_each_view_has_its_speed():
    speeds = Speed((0.8, 0.9, 1.1))
    lengths = [len(speeds.view(tone(), k, torch.Generator()).samples) for k in range(3)]
    assert lengths == sorted(lengths, reverse=True)
    assert len(set(lengths)) == 3


@pytest.mark.parametrize("speeds", [(), (0.1,), (1.0, 3.0)])
def test_speeds_out_of_range_are_refused(speeds):
    with pytest.raises(ParameterError, match=r"give one or more from 0\.5 to 2"):
        Speed(speeds)
