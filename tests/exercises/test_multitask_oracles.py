"""The references of chapter 12 agree with the library, with autograd, and with the paper's example."""

import numpy as np
import pytest
import torch

from mmteach.exercises.chapters.multitask.pcgrad import my_pcgrad
from mmteach.exercises.chapters.multitask.uncertainty import my_uncertainty
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Status
from mmteach.exercises.registry import find
from mmteach.train.multitask import UncertaintyWeights, pcgrad


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_total_is_the_librarys_and_the_best_s_its_minimum(n):
    rng = np.random.default_rng(n)
    losses, s = (torch.from_numpy(v.astype(np.float32)) for v in (np.exp(rng.normal(size=n)), rng.normal(size=n)))
    library = UncertaintyWeights(n)
    with torch.no_grad():
        library.s.copy_(s)
    total, best = my_uncertainty(losses, s)
    torch.testing.assert_close(total, library(losses).detach())
    best = best.clone().requires_grad_()
    my_uncertainty(losses, best)[0].backward()
    torch.testing.assert_close(best.grad, torch.zeros(n), atol=1e-5, rtol=0)


def test_two_projected_gradients_are_the_papers_and_the_librarys():
    torch.testing.assert_close(
        my_pcgrad(torch.tensor([[1.0, 0.0], [-1.0, 1.0]])), torch.tensor([[0.5, 0.5], [0.0, 1.0]])
    )
    for seed in range(5):
        g = torch.randn(2, 7, generator=torch.Generator().manual_seed(seed))
        torch.testing.assert_close(my_pcgrad(g), pcgrad(g))  # of two there is one order only


def test_three_projected_gradients_are_those_of_one_of_the_librarys_orders():
    g = torch.tensor([[2.0, 0.0, 1.0], [-1.0, 0.5, 0.0], [-0.5, -1.5, 0.5]])
    drawn = [pcgrad(g, torch.Generator().manual_seed(seed)) for seed in range(40)]
    assert any(torch.allclose(my_pcgrad(g), found) for found in drawn)


def test_an_answer_that_forgets_the_price_is_told_so():
    def my_uncertainty(losses, s):
        return torch.sum(losses / torch.exp(s)), torch.log(losses)

    outcome = judge(find("multitask.uncertainty"), my_uncertainty)
    assert outcome.mistake == "no + s"
    assert outcome.status is not Status.PASSED


def test_an_answer_that_projects_one_after_the_other_in_place_is_told_so():
    def my_pcgrad(gradients):
        rows = [g.clone() for g in gradients]
        for i, a in enumerate(rows):
            for j, b in enumerate(rows):
                if i != j and a @ b < 0:
                    a -= (a @ b) / (b @ b) * b
        return torch.stack(rows)

    assert judge(find("multitask.pcgrad"), my_pcgrad).mistake == "projected on what is projected already"


def test_one_thing_instead_of_two_is_a_sentence_not_a_riddle():
    outcome = judge(find("multitask.uncertainty"), lambda losses, s: (losses * torch.exp(-s) + s).sum())
    assert outcome.status is Status.BROKEN
    assert "two things are asked for" in outcome.sentence
