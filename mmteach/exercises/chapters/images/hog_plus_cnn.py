"""Designed features beside a network's own, before one linear layer."""

from __future__ import annotations

import torch
from torch import nn

from mmteach.exercises.chapters.images.hog_plus_cnn_answers import (
    MyHogPlusCnn,
    _Added,
    _AllAlike,
    _AsTheyCome,
    _CutOff,
    _EachPicture,
    _HogFirst,
    _Learnt,
    _NearlyNothing,
    _NetworkAlone,
    _NotSaved,
    _OfTheBatch,
    _Unguarded,
)
from mmteach.exercises.chapters.images.hog_plus_cnn_watch import (
    bounded,
    drawn,
    from_a_file,
    in_pairs,
    learning,
    logits,
    with_constant,
)
from mmteach.exercises.definition import Check, Exercise, Mistake

HOG_PLUS_CNN = Exercise(
    id="images.hog_plus_cnn",
    title="Edges beside a network",
    minutes=20,
    task=r"""A network's embedding is what it has become, HOG features are small numbers. Write `MyHogPlusCnn`, which
joins both fairly. It is made from `cnn`, a network that turns pictures `(B, 1, H, W)` into an embedding `(B, E)`;
`n_embedding`, that is E; `hog_train`, the HOG features `(N, D)` of the *training* pictures, N at least 2; and
`n_classes`, C. `forward(pictures, hog)` standardises each feature $d$ with its own mean and deviation in training and
puts it behind the embedding $e$,

$$z_{bd} = (\mathrm{hog}_{bd} - \mu_d)\,/\,\sigma_d, \qquad \mathrm{logits}_b = \mathrm{head}\,([\,e_b\,;\ z_b\,]),$$

and gives `(B, C)`. `head` is one `nn.Linear`. $\sigma$ is what `hog_train.std(dim=0)` says; a feature that never varied
in training, $\sigma_d = 0$, is divided by 1. What `cnn` and `head` have to learn they learn together. $\mu$ and
$\sigma$ are *not* learnt, but stand in `state_dict()`: whoever loads the model has no training pictures.""",
    starter='''class MyHogPlusCnn(nn.Module):
    """A network's embedding, and behind it HOG features, standardised; then one linear layer."""

    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__()
        self.cnn = cnn
        ...  # mean and deviation of each feature, (D,): saved with the model, not learnt
        self.head = ...

    def forward(self, pictures, hog):
        """(B, 1, H, W) pictures and their HOG features (B, D) -> (B, n_classes) logits."""
        standard = ...  # (B, D)
        return ...
''',
    hints=(
        "Which numbers are known once training is prepared, and must be the same for a single picture next year? They "
        "are found in `__init__`, not in `forward`.",
        'A module keeps tensors that are saved and not learnt as *buffers*: `self.register_buffer("mean", tensor)`; '
        "afterwards `self.mean` is there.",
        "`torch.where(std > 0, std, 1.0)` puts 1 where a feature never varied. The head takes "
        "`n_embedding + hog_train.shape[1]` numbers, and `torch.cat([a, b], dim=1)` puts blocks side by side.",
    ),
    checks=(
        Check(
            "The logits come from the embedding, and behind it the features by their training mean and deviation.",
            lambda rng: [drawn(rng, 2, 3, 6, 4, 3), drawn(rng, 4, 4, 3, 2, 2), drawn(rng, 3, 1, 5, 3, 2)],
            observe=logits,
            points=2,
        ),
        Check(
            "A picture gets the same logits, whoever else is asked about with it.",
            lambda rng: [drawn(rng, 3, 2, 5, 4, 2), drawn(rng, 2, 5, 2, 3, 4)],
            observe=in_pairs,
        ),
        Check(
            "A feature that never varied in training does no harm, also where it varies now.",
            lambda rng: [with_constant(rng, 2, 3, 5, 4, 2), with_constant(rng, 3, 1, 4, 2, 2)],
            observe=bounded,
        ),
        Check(
            "Network and head learn together; nothing else is learnt.",
            lambda rng: [drawn(rng, 3, 4, 5, 4, 2), drawn(rng, 2, 2, 4, 3, 3)],
            observe=learning,
            points=2,
        ),
        Check(
            "Loaded from a file it gives what it gave before, whatever pictures it was made with.",
            lambda rng: [drawn(rng, 2, 3, 6, 3, 2), drawn(rng, 3, 3, 4, 2, 3)],
            observe=from_a_file,
            points=2,
        ),
        Check(
            "It holds for many features and a wide embedding.",
            lambda rng: [drawn(rng, 17, 40, 30, 9, 7), with_constant(rng, 8, 12, 9, 1, 3)],
            observe=bounded,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "not standardised",
            "The features are joined as they come. Whichever block has the larger numbers then has the say, and a "
            "weight must grow a hundredfold to hear the other. Bring each feature to mean 0 and deviation 1 first.",
            _AsTheyCome,
        ),
        Mistake(
            "statistics of the batch",
            "Mean and deviation are those of the pictures that are being asked about: a picture's answer changes with "
            "its neighbours, and one alone has no deviation at all. Only the training part may say what is usual.",
            _OfTheBatch,
        ),
        Mistake(
            "each picture by its own",
            "Each picture is brought to mean 0 over its own features. That compares apples with pears: feature 3 has a "
            "usual value and a spread of its own, over all training pictures. Go down the rows, not along them.",
            _EachPicture,
        ),
        Mistake(
            "one mean for all features",
            "One mean and one deviation serve all features together. A feature that is always small stays small: each "
            "needs its own, (D,) of them.",
            _AllAlike,
        ),
        Mistake(
            "divides by zero",
            "A feature that never varied in training, such as a corner that is always black, has deviation 0: what is "
            "divided by it is infinite or not a number, and spoils every logit. Divide it by 1.",
            _Unguarded,
        ),
        Mistake(
            "divides by nearly zero",
            "A tiny number added to the deviation avoids the zero, but not the harm: the first picture in which that "
            "feature differs gets a value of many millions, and nothing else counts. Divide it by 1.",
            _NearlyNothing,
        ),
        Mistake(
            "the network is cut off",
            "The logits are right, but no gradient reaches the network: it stays as it was drawn, and the head makes "
            "do with random features. Nothing may stand between that cuts the way back.",
            _CutOff,
        ),
        Mistake(
            "statistics are not saved",
            "Mean and deviation are not in `state_dict()`. The weights come back from a file, their scale does not: "
            "the model answers, without an error, wrongly. A module has a place for tensors that are saved but not "
            "learnt.",
            _NotSaved,
        ),
        Mistake(
            "statistics are learnt",
            "The optimiser would move mean and deviation. They are facts about the training pictures, not weights; "
            "keep them where they are saved but not learnt.",
            _Learnt,
        ),
        Mistake(
            "HOG first",
            "The features stand before the embedding. It would learn as well, but was not agreed: weights that are "
            "loaded into it would read the wrong columns.",
            _HogFirst,
        ),
        Mistake(
            "added instead of side by side",
            "Embedding and features are added number by number. That needs as many of both, and even then the "
            "first of these has nothing to do with the first of those. Side by side each keeps its own weights.",
            _Added,
        ),
        Mistake(
            "the features are left out",
            "The logits come from the embedding alone: whatever stands in `hog`, they stay the same. With few pictures "
            "that gives away what people already know about edges.",
            _NetworkAlone,
        ),
    ),
    reference=MyHogPlusCnn,
    reading=(
        "mmteach.models.ConcatFusion",
        "mmteach.pipeline.Branch, `scale`",
        "LeCun et al. 2012, Efficient BackProp, section 4.3.",
    ),
    module=lambda cls: (
        cls(nn.Sequential(nn.Flatten(), nn.Linear(9, 3)), 3, torch.arange(8.0).reshape(4, 2) ** 2, 2),
        (torch.linspace(0, 1, 45).reshape(5, 1, 3, 3), torch.linspace(0, 40, 10).reshape(5, 2)),
    ),
)
