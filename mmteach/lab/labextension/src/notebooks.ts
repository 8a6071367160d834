/** Notebooks as JupyterLab holds them, in the terms of marks.ts. */
import { Cell } from '@jupyterlab/cells';
import { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import { exerciseAt, found, Mark, markOf } from './marks.js';
import { Here } from './model';

/** The mark of every cell; null for those of no exercise. */
export function marksOf(notebook: Notebook): (Mark | null)[] {
  const cells = notebook.model ? [...notebook.model.cells] : [];
  return cells.map(cell => markOf({ mmteach: cell.getMetadata('mmteach') }));
}

/** Whether a notebook has anything to do with us. */
export function isOurs(notebook: Notebook): boolean {
  return marksOf(notebook).some(mark => mark !== null);
}

/** Whether a cell names the library. */
export function namesUs(notebook: Notebook): boolean {
  return [...(notebook.model?.cells ?? [])].some(cell => cell.sharedModel.getSource().includes('mmteach'));
}

/** The notebook in front, as the model knows it. */
export function hereIn(panel: NotebookPanel): Here {
  const marks = marksOf(panel.content);
  const active = exerciseAt(marks, panel.content.activeCellIndex);
  return { path: panel.context.path, exercises: found(marks), active };
}

/** The starter of an exercise. */
export function starterOf(notebook: Notebook, id: string): Cell | null {
  const at = marksOf(notebook).findIndex(mark => mark?.exercise === id && mark.part === 'starter');
  return notebook.widgets[at] ?? null;
}

/** Write a mark into a cell. */
export function setMark(cell: Cell, mark: Mark): void {
  cell.model.setMetadata('mmteach', { ...mark });
}

/** Make the starter of an exercise the active cell, bring it into view, and put the focus there. */
export async function showExercise(panel: NotebookPanel, id: string): Promise<void> {
  const notebook = panel.content;
  const cell = starterOf(notebook, id);
  if (!cell) {
    return;
  }
  notebook.deselectAll();
  notebook.activeCellIndex = notebook.widgets.indexOf(cell);
  notebook.mode = 'command';
  await notebook.scrollToCell(cell, 'start');
  panel.activate();
  cell.node.focus({ preventScroll: true });
}
