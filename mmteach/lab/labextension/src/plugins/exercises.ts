/** `mmteach:exercise-cells`: the bar under each exercise and what its buttons do. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISessionContextDialogs } from '@jupyterlab/apputils';
import { Cell } from '@jupyterlab/cells';
import { INotebookTracker, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { barOf, guardKeys, hasBar, keepBars } from '../bars';
import { mayReadSolution } from '../course.js';
import { call, isFresh, show } from '../kernel';
import { afterReset, afterUndo, cellsToCheck, markOf } from '../marks.js';
import { CourseModel } from '../model';
import { marksOf, setMark, showExercise, starterOf } from '../notebooks';
import { ask } from '../talk';
import { Command, ICourse } from '../tokens';

/** The exercise that a command is about. */
interface Task {
  id: string;
  panel: NotebookPanel;
  starter: Cell;
}

export const exercises: JupyterFrontEndPlugin<void> = {
  id: 'mmteach:exercise-cells',
  description: 'Check, Hint, Reset and Show solution under the exercises of a notebook.',
  autoStart: true,
  requires: [ICourse, INotebookTracker],
  optional: [ISessionContextDialogs],
  activate: (
    app: JupyterFrontEnd,
    model: CourseModel,
    tracker: INotebookTracker,
    dialogs: ISessionContextDialogs | null
  ) => {
    const run = (command: string, args?: Record<string, string>) => void app.commands.execute(command, args);
    guardKeys();
    tracker.widgetAdded.connect((_, panel) => {
      void panel.revealed.then(() => keepBars(panel, model, run)).catch(() => undefined);
    });
    const taskOf = (id: unknown): Task | null => {
      const panel = tracker.currentWidget;
      const wanted = typeof id === 'string' ? id : model.here?.active;
      const starter = panel && wanted ? starterOf(panel.content, wanted) : null;
      return starter ? { id: wanted!, panel: panel!, starter } : null;
    };
    const add = (command: string, label: (words: CourseModel['words']) => string, what: (task: Task) => unknown) =>
      app.commands.addCommand(command, {
        label: () => label(model.words),
        isEnabled: args => taskOf(args.exercise) !== null,
        execute: args => what(taskOf(args.exercise)!)
      });
    add(Command.check, words => words.__('Check this exercise'), task => check(task, dialogs));
    add(Command.hint, words => words.__('Show a hint for this exercise'), task => hint(task, model));
    add(Command.reset, words => words.__('Reset this exercise to its starter'), task => reset(task, model));
    add(Command.undoReset, words => words.__('Bring back what a reset removed'), undo);
    add(Command.solution, words => words.__('Show the solution of this exercise'), task => solution(task, model));
  }
};

/** Run the student's cell and its check; after a restart, the cells above them first. */
async function check(task: Task, dialogs: ISessionContextDialogs | null): Promise<void> {
  const { content, sessionContext } = task.panel;
  const fresh = await isFresh(sessionContext);
  const code = content.widgets.map(cell => cell.model.type === 'code');
  const places = cellsToCheck(marksOf(content), code, task.id, fresh);
  const cells = places.map(place => content.widgets[place]);
  await NotebookActions.runCells(content, cells, sessionContext, dialogs ?? undefined);
  const last = cells[cells.length - 1];
  if (last && !content.isDisposed) {
    await content.scrollToCell(last, 'smart');
  }
}

async function hint(task: Task, model: CourseModel): Promise<void> {
  await say(task, call(task.id, 'hint()'), model);
}

/** The engine decides; who insists after its "not yet" gets it. */
async function solution(task: Task, model: CourseModel): Promise<void> {
  const bar = await barIn(task);
  const known = model.exercise(task.id);
  const anyway = bar?.insist && !mayReadSolution(known);
  await say(task, call(task.id, anyway ? 'solution(anyway=True)' : 'solution()'), model);
  if (bar) {
    bar.insist = true;
    bar.refresh();
  }
}

async function say(task: Task, code: string, model: CourseModel): Promise<void> {
  const bar = await barIn(task);
  bar?.say('');
  if (bar && !(await show(task.panel.sessionContext, bar.output, code))) {
    bar.say(model.words.__('This notebook has no kernel: choose one at the top right, then try again.'));
  }
  void model.refresh();
}

/** Put the starter back; what the student wrote goes into the cell's history. */
async function reset(task: Task, model: CourseModel): Promise<void> {
  const bar = await barIn(task);
  const shared = task.starter.model.sharedModel;
  const mark = markOf({ mmteach: task.starter.model.getMetadata('mmteach') });
  try {
    const { source } = await ask<{ source: string }>(`starter?id=${encodeURIComponent(task.id)}`);
    setMark(task.starter, afterReset(mark!, shared.getSource(), source));
    shared.setSource(source);
    bar?.say(model.words.__('The starter is back. What you wrote is kept: Undo reset brings it back.'));
  } catch (error) {
    const why = (error as Error).message;
    bar?.say(model.words.__('The starter could not be fetched, and nothing was changed: %1', why));
  }
}

async function undo(task: Task): Promise<void> {
  const shared = task.starter.model.sharedModel;
  const mark = markOf({ mmteach: task.starter.model.getMetadata('mmteach') });
  const before = mark && afterUndo(mark, shared.getSource());
  if (before) {
    setMark(task.starter, before.mark);
    shared.setSource(before.text);
    (await barIn(task))?.say('');
  }
}

/** The bar of a task, brought into view where it is not there yet. */
async function barIn(task: Task) {
  if (!hasBar(task.starter)) {
    await showExercise(task.panel, task.id);
  }
  return barOf(task.starter);
}
