"""The references of chapter 16 agree with the library, and with the sum over all paths."""

import numpy as np
import pytest

from mmteach.exercises.chapters.language.beam import my_beam_step
from mmteach.exercises.chapters.language.collapse import my_collapse
from mmteach.infer.decode import beam_search, collapse


@pytest.mark.parametrize("blank", [0, 2, 4])
def test_collapse_is_the_librarys(blank):
    rng = np.random.default_rng(blank)
    for n in range(30):
        path = rng.integers(0, 5, n).tolist()
        assert tuple(my_collapse(path, blank)) == collapse(path, blank)


def test_steps_of_the_beam_make_the_librarys_search():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(5, 3))
    log_probs = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    bigram = np.log(rng.dirichlet(np.ones(3), 3))
    beam = {(): (0.0, -np.inf)}
    for frame in log_probs:
        with np.errstate(invalid="ignore"):
            beam = my_beam_step(beam, frame, bigram)
    library = beam_search(log_probs, 10_000, bigram)
    assert {h.symbols for h in library} == {s for s, ends in beam.items() if np.logaddexp(*ends) > -np.inf}
    for h in library:
        assert np.logaddexp(*beam[h.symbols]) == pytest.approx(h.score)
