"""The case on real faces; beside each bound, what simpler methods reach on the same split."""

import numpy as np
import pytest

from mmteach import datasets
from mmteach.cases import faces
from mmteach.infer import all_pairs, cosine_matrix, eer

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def orl(real_data):
    if not (real_data / "orl").is_dir():
        pytest.skip(f"no folder orl in {real_data}")
    return datasets.load(real_data / "orl")


def test_first5_beats_eigenfaces_and_lbp(orl):
    report = faces.evaluate(orl, "identify", "first5")
    assert report["fused"].value >= 0.98  # eigenfaces + 1-NN .885, LBP + 1-NN .955
    assert (report.n_train, report.n_test) == (200, 200)


def test_people_never_seen_are_told_apart(orl):
    """Trained on people 1 to 30, asked about 31 to 40: better than LDA, whose EER is .108."""
    fold = datasets.plan(orl, "verify", "heldout10").folds[0]
    model = faces.pipeline(orl, "verify")
    model.fit(orl.subset(np.sort(np.concatenate([fold.train, fold.val]))))
    people = orl.subset(fold.test)
    pairs = all_pairs(people.labels)
    assert eer(cosine_matrix(model.embed(people))[pairs.a, pairs.b], pairs.same) < 0.09
