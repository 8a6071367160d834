"""A network beside designed features: the right way, and the wrong ones that are known by name."""

from __future__ import annotations

import torch
from torch import nn


class MyHogPlusCnn(nn.Module):
    """A network's embedding, and behind it HOG features, standardised; then one linear layer."""

    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__()
        self.cnn = cnn
        mean, std = hog_train.mean(dim=0), hog_train.std(dim=0)
        self.register_buffer("mean", mean)
        self.register_buffer("std", torch.where(std > 0, std, 1.0))
        self.head = nn.Linear(n_embedding + hog_train.shape[1], n_classes)

    def forward(self, pictures, hog):
        """(B, 1, H, W) pictures and their HOG features (B, D) -> (B, n_classes) logits."""
        standard = (hog - self.mean) / self.std
        return self.head(torch.cat([self.cnn(pictures), standard], dim=1))


class _AsTheyCome(MyHogPlusCnn):
    def forward(self, pictures, hog):
        return self.head(torch.cat([self.cnn(pictures), hog], dim=1))


class _OfTheBatch(MyHogPlusCnn):
    def forward(self, pictures, hog):
        standard = (hog - hog.mean(dim=0)) / hog.std(dim=0)
        return self.head(torch.cat([self.cnn(pictures), standard], dim=1))


class _EachPicture(MyHogPlusCnn):
    def forward(self, pictures, hog):
        standard = (hog - hog.mean(dim=1, keepdim=True)) / hog.std(dim=1, keepdim=True)
        return self.head(torch.cat([self.cnn(pictures), standard], dim=1))


class _AllAlike(MyHogPlusCnn):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.register_buffer("mean", hog_train.mean())
        self.register_buffer("std", hog_train.std())


class _Unguarded(MyHogPlusCnn):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.register_buffer("std", hog_train.std(dim=0))


class _NearlyNothing(MyHogPlusCnn):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.register_buffer("std", hog_train.std(dim=0) + 1e-8)


class _CutOff(MyHogPlusCnn):
    def forward(self, pictures, hog):
        embedding = self.cnn(pictures).detach()
        return self.head(torch.cat([embedding, (hog - self.mean) / self.std], dim=1))


class _NotSaved(MyHogPlusCnn):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        mean, std = self.mean, self.std
        del self.mean, self.std
        self.mean, self.std = mean, std  # plain attributes now


class _Learnt(MyHogPlusCnn):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        mean, std = self.mean, self.std
        del self.mean, self.std
        self.mean, self.std = nn.Parameter(mean), nn.Parameter(std)


class _HogFirst(MyHogPlusCnn):
    def forward(self, pictures, hog):
        return self.head(torch.cat([(hog - self.mean) / self.std, self.cnn(pictures)], dim=1))


class _Added(MyHogPlusCnn):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.head = nn.Linear(n_embedding, n_classes)

    def forward(self, pictures, hog):
        return self.head(self.cnn(pictures) + (hog - self.mean) / self.std)


class _NetworkAlone(MyHogPlusCnn):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.head = nn.Linear(n_embedding, n_classes)

    def forward(self, pictures, hog):
        return self.head(self.cnn(pictures))
