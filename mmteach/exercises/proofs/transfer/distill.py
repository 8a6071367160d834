"""transfer.distill, written otherwise."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _by_kl_div(student, teacher, y, temperature, weight):
    with torch.no_grad():
        targets = F.softmax(teacher / temperature, dim=-1)
    soft = F.kl_div(F.log_softmax(student / temperature, dim=-1), targets, reduction="batchmean")
    return soft * temperature * temperature * weight + F.cross_entropy(student, y) * (1 - weight)


def _one_by_one(student, teacher, y, temperature, weight):
    total = 0
    for s, t, label in zip(student, teacher.detach(), y, strict=True):
        p, q = (z / temperature - torch.logsumexp(z / temperature, dim=0) for z in (s, t))
        total = total + weight * temperature**2 * torch.dot(torch.exp(q), q - p)
        total = total - (1 - weight) * (s[label] - torch.logsumexp(s, dim=0))
    return total / len(y)


def _less_the_entropy(student, teacher, y, temperature, weight):
    targets = torch.softmax(teacher.detach() / temperature, 1)
    entropy = -torch.special.xlogy(targets, targets).sum(1).mean()
    soft = F.cross_entropy(student / temperature, targets) - entropy
    return torch.lerp(F.cross_entropy(student, y), temperature**2 * soft, weight)


def _parts(student, teacher, temperature):
    return F.softmax(teacher.detach() / temperature, -1), F.log_softmax(student / temperature, -1)


def _plain_weight(student, teacher, y, temperature, weight):
    q, log_p = _parts(student, teacher, temperature)
    return F.nll_loss(F.log_softmax(student, 1), y) * (1 - weight) + F.kl_div(log_p, q, reduction="batchmean") * weight


def _soft_teacher(student, teacher, y, temperature, weight):
    q, log_p = F.softmax(teacher.detach() / temperature, -1), F.log_softmax(student, -1)
    soft = (torch.special.xlogy(q, q) - q * log_p).sum(-1).mean()
    return F.cross_entropy(student, y) * (1 - weight) + soft * temperature**2 * weight


def _soft_student(student, teacher, y, temperature, weight):
    q, log_p = F.softmax(teacher.detach(), -1), F.log_softmax(student / temperature, -1)
    soft = (torch.special.xlogy(q, q) - q * log_p).sum(-1).mean()
    return F.cross_entropy(student, y) * (1 - weight) + soft * temperature**2 * weight


def _student_first(student, teacher, y, temperature, weight):
    log_q = torch.log_softmax(teacher.detach() / temperature, 1)
    p = torch.softmax(student / temperature, 1)
    soft = (p * (p.log() - log_q)).sum() / len(y)
    return F.cross_entropy(student, y) * (1 - weight) + soft * temperature**2 * weight


def _attached(student, teacher, y, temperature, weight):
    q, log_p = F.softmax(teacher / temperature, -1), F.log_softmax(student / temperature, -1)
    soft = (q * (q.log() - log_p)).sum() / len(y)
    return F.cross_entropy(student, y) * (1 - weight) + soft * temperature**2 * weight


def _mean_of_the_table(student, teacher, y, temperature, weight):
    q, log_p = _parts(student, teacher, temperature)
    return F.cross_entropy(student, y) * (1 - weight) + (q * (q.log() - log_p)).mean() * temperature**2 * weight


def _one_student(student, teacher, y, temperature, weight):
    student = student / temperature
    q, log_p = F.softmax(teacher.detach() / temperature, -1), F.log_softmax(student, -1)
    soft = F.kl_div(log_p, q, reduction="batchmean")
    return F.cross_entropy(student, y) * (1 - weight) + soft * temperature**2 * weight


def _other_weight(student, teacher, y, temperature, weight):
    q, log_p = _parts(student, teacher, temperature)
    soft = F.kl_div(log_p, q, reduction="batchmean") * temperature**2
    return weight * F.cross_entropy(student, y) + (1 - weight) * soft


def _hard(student, teacher, y, temperature, weight):
    log_p = F.log_softmax(student / temperature, dim=1)
    soft = F.nll_loss(log_p, teacher.max(dim=1).indices) * temperature**2
    return F.cross_entropy(student, y) * (1 - weight) + soft * weight


def _no_entropy(student, teacher, y, temperature, weight):
    q, log_p = _parts(student, teacher, temperature)
    return F.cross_entropy(student, y) * (1 - weight) - (q * log_p).sum(1).mean() * temperature**2 * weight


def _cut(student, teacher, y, temperature, weight):
    with torch.no_grad():
        q, log_p = _parts(student, teacher, temperature)
        soft = F.kl_div(log_p, q, reduction="batchmean") * temperature**2
    return F.cross_entropy(student, y) * (1 - weight) + soft * weight


DISTILL = Proof(
    right=(_by_kl_div, _one_by_one, _less_the_entropy),
    variants={
        "no T squared": _plain_weight,
        "temperature for the teacher alone": _soft_teacher,
        "temperature for the student alone": _soft_student,
        "KL the wrong way round": _student_first,
        "the teacher learns, too": _attached,
        "mean over classes": _mean_of_the_table,
        "labels at T, too": _one_student,
        "the weights swapped": _other_weight,
        "the teacher's answer instead of its doubts": _hard,
        "cross-entropy instead of KL": _no_entropy,
        "nobody learns": _cut,
    },
)
