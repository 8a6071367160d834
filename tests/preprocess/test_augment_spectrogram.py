"""SpecAugment: masks of the right width, in the right place, with the recording's own mean."""

import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.preprocess.augment import SpecAugment, mask_frequency, mask_time


def seeded(number=0):
    return torch.Generator().manual_seed(number)


def spectrograms(b=5, t=40, d=16):
    return torch.randn(b, t, d, generator=seeded(7)) - 40


def test_width_0_and_no_masks_are_the_identity():
    x = spectrograms()
    for y in (
        mask_time(x, 0, seeded()), mask_frequency(x, 0, seeded()), SpecAugment(0, 9, 0, 9)(x, seeded()),
        SpecAugment(3, 0, 3, 0)(x, seeded()), SpecAugment(2, 20, 0, 0, most=0)(x, seeded()),
    ):  # fmt: skip
        assert torch.equal(y, x)


def test_one_stretch_of_0_to_width_frames_is_covered_in_all_bands():
    x, found = spectrograms(3000, 12, 4), set()
    covered = mask_time(x, 5, seeded()) != x
    assert torch.equal(covered.all(dim=2), covered.any(dim=2))
    for row in covered.all(dim=2):
        at = row.nonzero().flatten().tolist()
        assert at == list(range(at[0], at[0] + len(at))) if at else True
        found.add((len(at), at[0] if at else -1))
    assert found == {(0, -1)} | {(w, s) for w in range(1, 6) for s in range(12 - w + 1)}


def test_a_band_is_covered_at_all_times():
    covered = mask_frequency(spectrograms(500), 6, seeded()) != spectrograms(500)
    assert torch.equal(covered.all(dim=1), covered.any(dim=1))
    widths = covered.all(dim=1).sum(dim=1)
    assert widths.unique().tolist() == list(range(7))


def test_what_is_covered_is_the_recording_s_mean():
    x = spectrograms()
    y = mask_time(x, 20, seeded())
    for before, after in zip(x, y, strict=True):
        changed = after[before != after]
        torch.testing.assert_close(changed, before.mean().expand_as(changed))


def test_padding_is_neither_touched_nor_counted():
    x, lengths = spectrograms(400, 30, 3), torch.randint(1, 31, (400,), generator=seeded(1))
    mask = torch.arange(30) < lengths[:, None]
    x = torch.where(mask[:, :, None], x, torch.zeros(()))
    y = SpecAugment(1, 30, 1, 2, most=1.0)(x, seeded(), mask)
    assert torch.equal(y[~mask], x[~mask])
    assert torch.allclose(y[mask].mean(), torch.tensor(-40.0), atol=0.1)  # zeros of the padding would pull it up
    some = SpecAugment(1, 30, 0, 0, most=0.25)(x, seeded(), mask) != x
    assert bool((some.any(dim=2).sum(dim=1) <= lengths // 4).all())


def test_each_recording_has_masks_of_its_own_and_the_seed_decides():
    x = spectrograms(1).expand(6, -1, -1)
    y = SpecAugment()(x, seeded(3))
    assert len({tuple((y[b] == x[b]).flatten().tolist()) for b in range(6)}) == 6
    assert torch.equal(y, SpecAugment()(x, seeded(3)))
    assert not torch.equal(y, SpecAugment()(x, seeded(4)))


def test_the_given_spectrograms_stay_as_they_were():
    x = spectrograms()
    SpecAugment(2, 30, 2, 10, 1.0)(x, seeded())
    assert torch.equal(x, spectrograms())


@pytest.mark.parametrize("wrong", [{"time_width": -1}, {"frequency_masks": 1.5}, {"most": 2}])
def test_what_cannot_be_is_a_sentence(wrong):
    with pytest.raises(ParameterError, match=f"{next(iter(wrong))} is"):
        SpecAugment(**wrong)
