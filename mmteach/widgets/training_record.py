"""What runs leave behind: a table, and words for their curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mmteach.train import Epoch
from mmteach.widgets.html_table import html_table
from mmteach.widgets.training_run import TrainingRun

ENDS = {"finished": "finished", "early": "early stop", "stopped": "stopped", "failed": "failed"}
_COLUMNS = ("run", "loss", "optimiser", "schedule", "learning rate", "epochs", "kept", "train", "val", "seconds", "end")


def loss_ceiling(*columns: np.ndarray) -> float:
    """Top of the loss axis: what has happened, but never so much that one wild epoch flattens all others."""
    seen = np.concatenate(columns)
    seen = seen[np.isfinite(seen)]
    return 1.0 if seen.size == 0 else float(max(1e-3, 1.08 * min(seen.max(), 4 * np.median(seen))))


def curves_in_words(epochs: Sequence[Epoch], kept: int) -> str:
    """Text alternative of the curves."""
    if not epochs:
        return "loss and accuracy by epoch; no epoch yet"
    last = epochs[-1]
    return (
        f"after epoch {last.number}: loss {last.train_loss:.3f} in training, {last.val_loss:.3f} in validation; "
        f"accuracy {last.train_accuracy:.3f} and {last.val_accuracy:.3f}; the model of epoch {kept} is kept"
    )


def runs_table(runs: Sequence[TrainingRun]) -> str:
    """All runs that are over as an HTML table, with the accuracies of the epoch that was kept."""
    rows = []
    for number, run in enumerate(runs, 1):
        if run.trainer is None or not run.over:
            continue
        r, epochs = run.trainer.recipe, run.history.epochs
        kept = epochs[run.history.best - 1] if epochs else None
        turned = "" if run.learning_rate in (None, r.learning_rate) else f" to {run.learning_rate:.1e}"
        accuracies = (kept.train_accuracy, kept.val_accuracy) if kept else (math.nan, math.nan)
        cells = [number, r.loss, r.optimiser, r.schedule, f"{r.learning_rate:.1e}{turned}", len(epochs)]
        cells += [run.history.best, *(f"{a:.3f}" for a in accuracies)]
        cells += [f"{sum(e.seconds for e in epochs):.1f}", ENDS[run.state]]
        rows.append([str(c) for c in cells])
    return html_table(_COLUMNS, rows) if rows else ""
