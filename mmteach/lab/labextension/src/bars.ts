/** Puts a bar under the starter of every exercise of a notebook, and nothing anywhere else. */
import { Cell } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';
import { PanelLayout } from '@lumino/widgets';
import { ExerciseBar } from './bar';
import { Found, found } from './marks.js';
import { CourseModel } from './model';
import { marksOf } from './notebooks';
import { Run } from './parts';

const bars = new WeakMap<Cell, ExerciseBar>();

/** Whether a cell has its bar already. */
export function hasBar(cell: Cell): boolean {
  return bars.has(cell);
}

/** The bar under a cell, once it is there. */
export async function barOf(cell: Cell): Promise<ExerciseBar | null> {
  await cell.ready;
  return bars.get(cell) ?? null;
}

/** Plain keys belong to the bar in which the focus is, else the notebook would take Enter; Ctrl+S does not. */
export function guardKeys(): void {
  const guard = (event: KeyboardEvent) => {
    const bar = event.target instanceof Element ? event.target.closest('.mmteach-bar') : null;
    bar?.toggleAttribute('data-lm-suppress-shortcuts', !event.ctrlKey && !event.metaKey && !event.altKey);
  };
  window.addEventListener('keydown', guard, true); // before JupyterLab looks
}

/** Keep the bars of a notebook as its cells come and go. */
export function keepBars(panel: NotebookPanel, model: CourseModel, run: Run): void {
  const place = () => {
    if (panel.isDisposed || !panel.content.model) {
      return;
    }
    for (const exercise of found(marksOf(panel.content))) {
      const cell = panel.content.widgets[exercise.cell];
      if (cell && !bars.has(cell)) {
        void put(panel, cell, exercise, model, run);
      }
    }
  };
  let waiting = 0;
  const soon = () => {
    window.cancelAnimationFrame(waiting);
    waiting = window.requestAnimationFrame(place);
  };
  panel.content.model?.cells.changed.connect(soon);
  panel.disposed.connect(() => window.cancelAnimationFrame(waiting));
  place();
}

async function put(panel: NotebookPanel, cell: Cell, exercise: Found, model: CourseModel, run: Run): Promise<void> {
  await cell.ready; // a cell out of sight has no inside yet
  if (cell.isDisposed || bars.has(cell)) {
    return;
  }
  const bar = new ExerciseBar(cell, exercise, model, panel.content.rendermime, run);
  bars.set(cell, bar);
  const layout = cell.layout as PanelLayout;
  const input = layout.widgets.findIndex(widget => widget.hasClass('jp-Cell-inputWrapper'));
  layout.insertWidget(input + 1, bar);
}
