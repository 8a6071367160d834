"""A loss that listens to a teacher."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_distill(
    student: torch.Tensor, teacher: torch.Tensor, y: torch.Tensor, temperature: float, weight: float
) -> torch.Tensor:
    """Logits (B, C) of student and teacher, (B,) classes -> one number: labels, and the teacher by its weight."""
    log_p = (student / temperature).log_softmax(dim=1)
    log_q = (teacher.detach() / temperature).log_softmax(dim=1)
    kl = (log_q.exp() * (log_q - log_p)).sum(dim=1).mean()
    return (1 - weight) * F.cross_entropy(student, y) + weight * temperature**2 * kl


def _kl(log_q: Tensor, log_p: Tensor) -> Tensor:
    """KL(q || p), mean over the batch."""
    return F.kl_div(log_p, log_q, reduction="batchmean", log_target=True)


def _at(logits: Tensor, temperature: float) -> Tensor:
    return F.log_softmax(logits / temperature, dim=1)


def _no_t_squared(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = _kl(_at(teacher.detach(), temperature), _at(student, temperature))
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _t_for_the_teacher_alone(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = temperature**2 * _kl(_at(teacher.detach(), temperature), _at(student, 1))
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _t_for_the_student_alone(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = temperature**2 * _kl(_at(teacher.detach(), 1), _at(student, temperature))
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _the_wrong_way_round(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = temperature**2 * _kl(_at(student, temperature), _at(teacher.detach(), temperature))
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _teacher_learns_too(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = temperature**2 * _kl(_at(teacher, temperature), _at(student, temperature))
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _mean_over_classes_too(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = temperature**2 * _kl(_at(teacher.detach(), temperature), _at(student, temperature)) / student.shape[1]
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _labels_at_t_too(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = temperature**2 * _kl(_at(teacher.detach(), temperature), _at(student, temperature))
    return (1 - weight) * F.cross_entropy(student / temperature, y) + weight * soft


def _weights_swapped(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    return my_distill(student, teacher, y, temperature, 1 - weight)


def _the_teachers_answer(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = temperature**2 * F.cross_entropy(student / temperature, teacher.argmax(dim=1))
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _cross_entropy_of_the_soft(
    student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float
) -> Tensor:
    soft = temperature**2 * F.cross_entropy(student / temperature, _at(teacher.detach(), temperature).exp())
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _nobody_learns(student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float) -> Tensor:
    soft = temperature**2 * _kl(_at(teacher.detach(), temperature), _at(student.detach(), temperature))
    return (1 - weight) * F.cross_entropy(student, y) + weight * soft


def _gradient_of(
    answer: Answer, who: str, student: Tensor, teacher: Tensor, y: Tensor, temperature: float, weight: float
) -> Any:
    """What reaches the student's or the teacher's logits."""
    given = {"student": student.clone().requires_grad_(), "teacher": teacher.clone().requires_grad_()}
    loss = answer(given["student"], given["teacher"], y, temperature, weight)
    if not isinstance(loss, Tensor):
        return loss
    if not loss.requires_grad:
        return "none: the loss is no longer connected with the logits"
    found = torch.autograd.grad(loss, given[who], allow_unused=True)[0]
    return torch.zeros_like(given[who]) if found is None else found


def _for_student(answer: Answer, *inputs: Any) -> Any:
    return _gradient_of(answer, "student", *inputs)


def _for_teacher(answer: Answer, *inputs: Any) -> Any:
    return _gradient_of(answer, "teacher", *inputs)


def _drawn(
    rng: np.random.Generator, b: int, n_classes: int, temperature: float, weight: float
) -> tuple[Tensor, Tensor, Tensor, float, float]:
    student, teacher = (torch.from_numpy(s * rng.normal(size=(b, n_classes))) for s in (2.0, 4.0))
    return student, teacher, torch.from_numpy(rng.integers(0, n_classes, b)), temperature, weight


def _equal(rng: np.random.Generator, b: int, n_classes: int, temperature: float) -> tuple:
    """The student already says what the teacher says."""
    _, teacher, y, _, _ = _drawn(rng, b, n_classes, 1.0, 1.0)
    return teacher.clone(), teacher, y, temperature, 1.0


DISTILL = Exercise(
    id="transfer.distill",
    title="Listen to a teacher",
    minutes=20,
    task="""A label says what a clip is. A teacher also says what it might have been: soft targets. Write
`my_distill(student, teacher, y, temperature, weight)`, one number for a batch. `student` and `teacher` are logits, `(B,
C)`; `y`, `(B,)`, the true classes. With $q = \\mathrm{softmax}(\\text{teacher}/T)$ and $p =
\\mathrm{softmax}(\\text{student}/T)$,

$$L = (1 - w)\\,\\mathrm{CE}(\\text{student}, y) + w\\,T^2\\,\\mathrm{KL}(q \\,\\|\\, p), \\qquad
\\mathrm{KL}(q \\,\\|\\, p) = \\sum_c q_c (\\log q_c - \\log p_c)$$

- cross-entropy CE takes the student's logits as they are, without T;
- both parts are means over the B samples, and the KL of a sample is a *sum* over classes;
- gradients flow to the student; *none* reaches the teacher;
- logits of some hundreds still give a number.""",
    starter='''def my_distill(student, teacher, y, temperature, weight):
    """Logits (B, C) of student and teacher, (B,) classes -> one number: labels, and the teacher by its weight."""
    log_p = ...  # (B, C), the student's log-probabilities at this temperature
    log_q = ...  # (B, C), the teacher's
    kl = ...
    return ...
''',
    hints=(
        "Three checks by hand: if the two say the same, KL is 0; with weight 0 cross-entropy is left; KL never is "
        "below 0.",
        "`(student / temperature).log_softmax(dim=1)` are log-probabilities at T; `teacher.detach()` is the same "
        "tensor, cut off from its gradient.",
        "`(log_q.exp() * (log_q - log_p)).sum(dim=1).mean()` is the KL; `F.cross_entropy(student, y)` the other part. "
        "Do not forget `temperature**2`.",
    ),
    checks=(
        Check(
            "It is (1 - w) times cross-entropy plus w T^2 times KL(teacher || student).",
            lambda rng: [_drawn(rng, 5, 3, 4.0, 0.5), _drawn(rng, 1, 4, 2.0, 0.7), _drawn(rng, 3, 2, 0.5, 0.2)],
            points=2,
        ),
        Check(
            "With weight 0 it is plain cross-entropy, and with weight 1 only the teacher counts.",
            lambda rng: [_drawn(rng, 4, 3, 4.0, 0.0), _drawn(rng, 4, 5, 3.0, 1.0)],
        ),
        Check(
            "A student that says what its teacher says has nothing left to learn from it.",
            lambda rng: [_equal(rng, 3, 4, 4.0), _equal(rng, 2, 3, 0.7)],
        ),
        Check(
            "The student gets the right gradient.",
            lambda rng: [_drawn(rng, 4, 3, 4.0, 0.6), _drawn(rng, 2, 5, 2.0, 1.0)],
            observe=_for_student,
        ),
        Check(
            "The teacher gets none.",
            lambda rng: [_drawn(rng, 4, 3, 4.0, 0.6), _drawn(rng, 2, 2, 1.5, 1.0)],
            observe=_for_teacher,
        ),
        Check(
            "It holds for many classes, high temperatures, and logits of some hundreds.",
            lambda rng: [
                _drawn(rng, 16, 20, 20.0, 0.9),
                (torch.tensor([[300.0, 0.0, -90.0]]), torch.tensor([[0.0, 250.0, 3.0]]), torch.tensor([1]), 1.0, 0.5),
            ],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "no T squared",
            "The teacher grows quieter the higher the temperature: its gradient shrinks with 1 / T^2. At T = 4 it has "
            "a sixteenth of the say that its weight promises. What would make up for that?",
            _no_t_squared,
        ),
        Mistake(
            "temperature for the teacher alone",
            "The teacher is softened and the student is not. A student that says exactly what the teacher says is then "
            "told to be less sure. Compare the two at the same temperature.",
            _t_for_the_teacher_alone,
        ),
        Mistake(
            "temperature for the student alone",
            "The student is softened and the teacher is not, so the student has to make its logits T times as large "
            "as the teacher's. Compare the two at the same temperature.",
            _t_for_the_student_alone,
        ),
        Mistake(
            "KL the wrong way round",
            "This is KL(student || teacher): it forgives a student that ignores what the teacher thinks possible. The "
            "teacher's probabilities are the ones to weigh by. `F.kl_div` takes the *student's* logarithms first.",
            _the_wrong_way_round,
        ),
        Mistake(
            "the teacher learns, too",
            "The number is right, but a gradient reaches the teacher: it would be pulled towards its student, and the "
            "two would agree on something easy. Cut it off.",
            _teacher_learns_too,
        ),
        Mistake(
            "mean over classes",
            "The KL of each sample is divided by the number of classes: `mean` over a table (B, C), or "
            "`F.kl_div(..., reduction='mean')`. Over classes it is a sum, over samples a mean.",
            _mean_over_classes_too,
        ),
        Mistake(
            "labels at T, too",
            "Cross-entropy with the labels is softened as well. Labels are asked at T = 1, as the student will be when "
            "it is used.",
            _labels_at_t_too,
        ),
        Mistake(
            "the weights swapped",
            "The weight is the teacher's, and what is left of 1 belongs to the labels. Here it is the other way round.",
            _weights_swapped,
        ),
        Mistake(
            "the teacher's answer instead of its doubts",
            "Only the class that the teacher thinks likeliest is used: a second label, no soft target. What it thinks "
            "of the other classes is the very thing that a label does not say.",
            _the_teachers_answer,
        ),
        Mistake(
            "cross-entropy instead of KL",
            "Cross-entropy with soft targets has the right gradient, but it is larger by the teacher's entropy: a "
            "student that agrees entirely would still seem to err. Take the entropy off, or write the KL.",
            _cross_entropy_of_the_soft,
        ),
        Mistake(
            "nobody learns",
            "The number is right, but the teacher's part does not reach the student: its logits were cut off, as "
            "`detach`, `no_grad`, `item` or numpy do. Cut off the teacher, not the student.",
            _nobody_learns,
        ),
    ),
    reference=my_distill,
    reading=("mmteach.train.distillation", "Hinton, Vinyals, Dean 2015, arXiv 1503.02531, section 2."),
)
