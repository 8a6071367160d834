"""ReportExplorer: turn an evaluation over in one's hands, from who was confused to how sure the answers were."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets

from mmteach.cases.report import Row
from mmteach.datasets import Dataset
from mmteach.errors import ParameterError
from mmteach.pipeline import Pipeline
from mmteach.widgets.face_views import ErrorPlot
from mmteach.widgets.panel import Panel, choice, column, on_change, slider
from mmteach.widgets.report_data import Identification, Verification
from mmteach.widgets.report_views import ConfusionPlot, ReliabilityPlot, rows_table


class ReportExplorer(Panel):
    """Confusions, errors at every threshold, reliability at every temperature, and the table of rows.

    Parameters
    ----------
    pipeline : fitted.
    identify : test photos of people who were in training; None leaves out confusions and reliability.
    verify : validation people, and test people, none of whom was in training; None leaves out the threshold.
    rows : further rows for the table, as of a cases.report.Report, whose models were each trained on their own.

    Attributes
    ----------
    identification, verification : what is computed; None where not asked for.
    threshold, log_temperature, pair : the controls.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        identify: Dataset | None = None,
        verify: tuple[Dataset, Dataset] | None = None,
        rows: Sequence[Row] = (),
    ) -> None:
        if identify is None and verify is None:
            raise ParameterError("there is nothing to report on: give photos to identify, people to verify, or both")
        self.identification = None if identify is None else Identification(pipeline, identify)
        self.verification = None if verify is None else Verification(pipeline, *verify)
        super().__init__()
        pages: dict[str, ipywidgets.Widget] = {}
        if self.identification:
            pages |= {"Who was confused": self._confusions(), "How sure": self._reliability()}
        if self.verification:
            pages["Same or not"] = self._threshold()
        pages["Table"] = self._table(list(rows))
        self.tabs = ipywidgets.Tab(list(pages.values()), titles=list(pages))
        self.children = [self.tabs, self.message, self.source]
        self.name_source(identify if identify is not None else verify[1])  # type: ignore[index]

    def _confusions(self) -> ipywidgets.Widget:
        report = self.identification
        assert report is not None
        self.confusion_plot = ConfusionPlot(report.confusion(), report.classes)
        confused = report.confused()
        options = [(f"{p.truth} taken for {p.answer}: {len(p.rows)} ×", i) for i, p in enumerate(confused)]
        self.pair = choice("Confused", options or [("nobody", -1)], 0 if options else -1)

        def show() -> None:
            pair = confused[self.pair.value] if confused else None
            wrong = [report.samples[i] for i in pair.rows] if pair else []
            other = [s for s in report.samples if pair and s.label == pair.answer]
            self.confusion_plot.show_pair(pair, wrong, other)

        on_change(show, self.pair)
        show()
        n, right = len(report.y), int((report.answers == report.y).sum())
        said = ipywidgets.HTML(f"<b>{right} of {n}</b> photos of {len(report.classes)} people are named right.")
        return column(said, self.pair, self.confusion_plot)

    def _reliability(self) -> ipywidgets.Widget:
        report = self.identification
        assert report is not None
        fitted = report.fitted_temperature
        self.log_temperature = ipywidgets.FloatLogSlider(
            value=1, base=10, min=-1, max=1, step=0.02, description="Temperature", readout_format=".2f",
            style={"description_width": "130px"}, layout={"width": "440px"},
        )  # fmt: skip
        self.reliability_plot, self.sureness = ReliabilityPlot(), ipywidgets.HTML()

        def show() -> None:
            temperature = self.log_temperature.value
            found = report.reliability(temperature)
            self.reliability_plot.show_bins(found, temperature)
            self.sureness.value = (
                f"Expected calibration error <b>{found.ece:.3f}</b>, negative log-likelihood "
                f"<b>{report.nll(temperature):.3f}</b>; the answers themselves stay the same. "
                f"Fitted on validation photos: temperature {fitted:.2f}."
            )

        on_change(show, self.log_temperature)
        show()
        return column(self.log_temperature, self.sureness, self.reliability_plot)

    def _threshold(self) -> ipywidgets.Widget:
        report = self.verification
        assert report is not None
        self.threshold = slider("Threshold", round(report.chosen, 2), -0.5, 1, 0.01)
        self.threshold.layout.width = "520px"
        self.error_plot, self.errors = ErrorPlot(size=(8.6, 2.9)), ipywidgets.HTML()
        self.error_plot.show_curve(report.curve, report.chosen)
        area, rate, interval = report.summary()

        def show() -> None:
            on_val, on_test = report.rates(self.threshold.value)
            self.error_plot.show_threshold(self.threshold.value)
            self.errors.value = (
                f"On test people <b>FAR {on_test[0]:.1%}</b>, <b>FRR {on_test[1]:.1%}</b>; on the validation people, "
                f"who chose {report.chosen:.2f}, FAR {on_val[0]:.1%}, FRR {on_val[1]:.1%}. Over all thresholds: AUC "
                f"{area:.3f}, EER {rate:.3f} (95 % {interval.low:.3f} to {interval.high:.3f})."
            )

        on_change(show, self.threshold)
        show()
        return column(self.threshold, self.errors, self.error_plot)

    def _table(self, rows: list[Row]) -> ipywidgets.Widget:
        """All rows; the intervals are Wilson's for shares, and drawn over people for the EER."""
        for report in (self.identification, self.verification):
            rows += report.rows() if report else []
        self.rows = rows
        return ipywidgets.HTML(rows_table(rows))
