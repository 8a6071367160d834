"""The reference of chapter 15 agrees with scikit-learn's scaler and with the library's own join of two branches."""

import pytest
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn

from mmteach.exercises.chapters.images.hog_plus_cnn_answers import MyHogPlusCnn
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Status
from mmteach.exercises.registry import find
from mmteach.models import ConcatFusion

PLACE, WIDTH = torch.tensor([5.0, 0.0, -3.0]), torch.tensor([4.0, 0.01, 1.0])


@pytest.fixture
def numbers():
    drawn = torch.Generator().manual_seed(0)
    train, asked = (PLACE + WIDTH * torch.randn(n, 3, generator=drawn) for n in (6, 4))
    return train, asked, torch.randn(4, 1, 2, 2, generator=drawn)


def network():
    return nn.Sequential(nn.Flatten(), nn.Linear(4, 2))


def test_the_head_gets_what_the_librarys_join_gives_of_scaled_features(numbers):
    train, asked, pictures = numbers
    own, given, n = MyHogPlusCnn(network(), 2, train, 5), [], len(train)
    own.head.register_forward_pre_hook(lambda layer, inputs: given.append(inputs[0]))
    own(pictures, asked)
    scaled = torch.from_numpy(StandardScaler().fit(train.numpy()).transform(asked.numpy()))
    parts = {"cnn": own.cnn(pictures), "hog": scaled * ((n - 1) / n) ** 0.5}  # scikit-learn divides by n
    here = {m: torch.ones(4, dtype=torch.bool) for m in parts}
    library, joined = ConcatFusion({"cnn": 2, "hog": 3}, 5, dim=4), []
    library.mix[0].register_forward_pre_hook(lambda layer, inputs: joined.append(inputs[0]))
    library(parts, here)
    torch.testing.assert_close(given[0], joined[0][:, :5], rtol=1e-4, atol=1e-5)  # behind these stand its flags


def test_the_unit_in_which_a_feature_is_measured_does_not_matter(numbers):
    train, asked, pictures = numbers
    torch.manual_seed(0)
    own = MyHogPlusCnn(network(), 2, train, 5)
    other = MyHogPlusCnn(own.cnn, 2, 1000 * train + 7, 5)
    other.head.load_state_dict(own.head.state_dict())
    torch.testing.assert_close(other(pictures, 1000 * asked + 7), own(pictures, asked), rtol=1e-3, atol=1e-3)


def test_batch_normalisation_is_no_standardising_by_the_training_part():
    class Answer(nn.Module):
        def __init__(self, cnn, n_embedding, hog_train, n_classes):
            super().__init__()
            self.cnn, self.norm = cnn, nn.BatchNorm1d(hog_train.shape[1], affine=False)
            self.head = nn.Linear(n_embedding + hog_train.shape[1], n_classes)

        def forward(self, pictures, hog):
            return self.head(torch.cat([self.cnn(pictures), self.norm(hog)], dim=1))

    assert judge(find("images.hog_plus_cnn"), Answer).status is not Status.PASSED


def test_an_answer_that_keeps_its_statistics_to_itself_is_told_so():
    class Answer(nn.Module):
        def __init__(self, cnn, n_embedding, hog_train, n_classes):
            super().__init__()
            self.cnn, self.head = cnn, nn.Linear(n_embedding + hog_train.shape[1], n_classes)
            self.mean, self.std = hog_train.mean(0), hog_train.std(0)
            self.std[self.std == 0] = 1

        def forward(self, pictures, hog):
            return self.head(torch.cat([self.cnn(pictures), (hog - self.mean) / self.std], dim=1))

    outcome = judge(find("images.hog_plus_cnn"), Answer)
    assert outcome.mistake == "statistics are not saved"
    assert outcome.points == 6
