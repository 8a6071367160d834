"""The figures of FaceStudio: best matches, errors at every threshold, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mmteach.infer import Curve
from mmteach.infer.gallery import Match
from mmteach.types import Modality
from mmteach.widgets.figure import BLUE, COLOURS, GREY, MAP, ORANGE, SKY, VERMILION, Plot, bare, plain

N_MATCHES = 5


class MatchPlot(Plot):
    """The people most alike as bars, and the threshold as a line."""

    def __init__(self) -> None:
        super().__init__((5.6, 1.9))
        ax = plain(self.axes[0], x="cosine: how alike")
        ax.spines["left"].set_visible(False)
        ax.set(xlim=(0, 1), ylim=(N_MATCHES - 0.4, -0.6), yticks=[])
        self._bars = ax.barh(range(N_MATCHES), np.zeros(N_MATCHES), color=GREY, height=0.82)
        self._names = [ax.text(0.015, i, "", va="center", fontsize=9) for i in range(N_MATCHES)]
        self._line = ax.axvline(np.nan, color=VERMILION, lw=2)

    def show_matches(self, matches: Sequence[Match], threshold: float) -> None:
        """Draw the first few; those that reach the threshold in colour and with a tick."""
        for i, (bar, text) in enumerate(zip(self._bars, self._names, strict=True)):
            match = matches[i] if i < len(matches) else None
            accepted = match is not None and match.cosine >= threshold
            bar.set_width(max(0.0, match.cosine) if match else 0.0)
            bar.set_color(SKY if accepted else "#cccccc")
            text.set_text(f"{'✓' if accepted else '✗'} {_short(match.name)}  {match.cosine:.2f}" if match else "")
        self._line.set_xdata([threshold] * 2)
        named = ", ".join(f"{m.name} {m.cosine:.2f}" for m in matches[:N_MATCHES]) or "nobody to compare with"
        self.redraw(f"cosines, most alike first: {named}; threshold {threshold:.2f}")


class ErrorPlot(Plot):
    """FAR and FRR at every threshold, the ROC that they make, and where the threshold stands on both."""

    def __init__(self, size: tuple[float, float] = (5.6, 2.3)) -> None:
        super().__init__(size, columns=2)
        rates, roc = self.axes
        plain(rates, x="threshold", y="share of pairs").set(xlim=(-0.3, 1), ylim=(-0.02, 1.02))
        plain(roc, x="FAR: strangers accepted", y="1 − FRR")
        roc.set(xscale="log", xlim=(9e-4, 1.1), ylim=(-0.02, 1.02))
        (self._far,) = rates.plot([], [], color=ORANGE, ls="--", label="FAR")
        (self._frr,) = rates.plot([], [], color=BLUE, label="FRR")
        self._chosen = rates.axvline(np.nan, color=GREY, ls=":", label="chosen")
        self._now = rates.axvline(np.nan, color=VERMILION, lw=2)
        self._dots = [rates.plot([], [], "o", color=c, ms=5)[0] for c in (ORANGE, BLUE)]
        rates.legend(fontsize=7, frameon=False, loc="center left", borderpad=0)
        (self._roc,) = roc.plot([], [], color=BLUE)
        (self._guess,) = roc.plot(np.geomspace(1e-4, 1, 50), np.geomspace(1e-4, 1, 50), color=GREY, ls=":")
        (self._point,) = roc.plot([], [], "o", color=VERMILION, ms=7)
        self.curve: Curve | None = None

    def show_curve(self, curve: Curve, chosen: float) -> None:
        """Take new curves; `show_threshold` draws them."""
        self.curve = curve
        self._far.set_data(curve.threshold, curve.far)
        self._frr.set_data(curve.threshold, curve.frr)
        self._roc.set_data(np.maximum(curve.far, 1e-4), 1 - curve.frr)
        self._chosen.set_xdata([chosen] * 2)

    def show_threshold(self, threshold: float) -> tuple[float, float]:
        """Mark a threshold; return FAR and FRR there."""
        assert self.curve is not None
        far, frr = rates_at(self.curve, threshold)
        self._now.set_xdata([threshold] * 2)
        for dot, rate in zip(self._dots, (far, frr), strict=True):
            dot.set_data([threshold], [rate])
        self._point.set_data([max(far, 1e-3)], [1 - frr])
        self.redraw(f"at threshold {threshold:.2f}: false acceptance {far:.1%}, false rejection {frr:.1%}")
        return far, frr


class WhyPlot(Plot):
    """What the model saw, where it looked, and what each modality added."""

    def __init__(self, modalities: Sequence[Modality]) -> None:
        super().__init__((8.6, 2.5), columns=3, width_ratios=[1, 1.2, 1.6])
        seen, heat, shares = self.axes
        blank = np.zeros((2, 2))
        self._seen = bare(seen, "as the model sees it").imshow(blank, cmap="gray")
        bare(heat, "cosine lost when covered")
        self._under = heat.imshow(blank, cmap="gray")
        self._heat = heat.imshow(blank, cmap=MAP, alpha=0.65)
        scale = heat.inset_axes((1.05, 0.0, 0.06, 1.0))
        self.figure.colorbar(self._heat, cax=scale).ax.tick_params(labelsize=7)
        plain(shares, "what each modality adds", "share of the cosine")
        self._modalities = list(modalities)
        rows = range(len(self._modalities))
        colours = [COLOURS[i % len(COLOURS)] for i in rows]
        self._bars = shares.barh(rows, np.zeros(len(self._modalities)), color=colours, height=0.6)
        self._values = [shares.text(0, i, "", va="center", fontsize=8) for i in rows]
        shares.set_yticks(list(rows), self._modalities)
        shares.set(ylim=(len(self._modalities) - 0.4, -0.6), xlim=(-0.2, 1.15))
        shares.axvline(0, color=GREY, lw=1)

    def show_picture(self, picture: np.ndarray, fall: np.ndarray) -> None:
        """Lay the map of falls over the picture; `show_shares` draws."""
        height, width = picture.shape
        top = max(float(np.abs(fall).max()), 1e-3)
        for image, values, low, high in (
            (self._seen, picture, picture.min(), picture.max()), (self._under, picture, picture.min(), picture.max()),
            (self._heat, fall, min(0.0, float(fall.min())), top),
        ):  # fmt: skip
            image.set_data(values)
            image.set_extent((-0.5, width - 0.5, height - 0.5, -0.5))
            image.set_clim(low, high)

    def show_shares(self, shares: Mapping[Modality, float], name: str) -> None:
        """Draw; a modality without a share was not compared."""
        for bar, text, m in zip(self._bars, self._values, self._modalities, strict=True):
            share = shares.get(m)
            bar.set_width(share or 0.0)
            text.set_text("not compared" if share is None else f"{share:+.2f}")
            text.set_x(max(share or 0.0, 0.0) + 0.02)
        said = ", ".join(f"{m} {v:+.2f}" for m, v in shares.items())
        self.redraw(f"why the photo is like {name}: the cosine {sum(shares.values()):.2f} is made of {said}")


def rates_at(curve: Curve, threshold: float) -> tuple[float, float]:
    """FAR and FRR where pairs with a score of at least the threshold are accepted."""
    k = min(int(np.searchsorted(curve.threshold, threshold, side="left")), len(curve.threshold) - 1)
    return float(curve.far[k]), float(curve.frr[k])


def _short(name: str, n: int = 28) -> str:
    return name if len(name) <= n else name[: n - 1] + "…"
