/** The bar under an exercise: Check, Hint, Reset, Solution, how it stands, and what the engine says. */
import { Cell } from '@jupyterlab/cells';
import { OutputAreaModel, SimplifiedOutputArea } from '@jupyterlab/outputarea';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { PanelLayout, Widget } from '@lumino/widgets';
import { mayReadSolution } from './course.js';
import { Found, markOf } from './marks.js';
import { CourseModel } from './model';
import { Run } from './parts';
import { Command } from './tokens';
import { exerciseWords, signOf } from './wording.js';

export class ExerciseBar extends Widget {
  constructor(cell: Cell, exercise: Found, model: CourseModel, rendermime: IRenderMimeRegistry, run: Run) {
    super();
    this._cell = cell;
    this._exercise = exercise;
    this._model = model;
    this.addClass('mmteach-bar');
    this.node.setAttribute('role', 'group');
    this.output = new SimplifiedOutputArea({ model: new OutputAreaModel({ trusted: true }), rendermime });
    this.output.addClass('mmteach-said');
    this.output.node.setAttribute('role', 'status');
    this._sentence.setAttribute('role', 'status');
    const layout = (this.layout = new PanelLayout());
    layout.addWidget(this._row(run));
    layout.addWidget(new Widget({ node: this._sentence }));
    layout.addWidget(this.output);
    model.changed.connect(this._show, this);
    cell.model.metadataChanged.connect(this._show, this);
    this._show();
  }

  /** Where hints and solutions appear. */
  readonly output: SimplifiedOutputArea;

  /** Whether the student has been told "not yet" and may now insist. */
  insist = false;

  override dispose(): void {
    this._model.changed.disconnect(this._show, this);
    this._cell.model?.metadataChanged.disconnect(this._show, this);
    super.dispose();
  }

  /** Say a sentence of our own; "" takes away what was said. */
  say(text: string): void {
    this.output.model.clear();
    this._sentence.textContent = text;
  }

  /** Write labels and state anew. */
  refresh(): void {
    this._show();
  }

  private _row(run: Run): Widget {
    const row = new Widget();
    row.addClass('mmteach-bar-row');
    const args = { exercise: this._exercise.id };
    for (const command of [Command.check, Command.hint, Command.reset, Command.undoReset, Command.solution]) {
      const button = document.createElement('button');
      button.className = 'mmteach-button';
      button.dataset.command = command;
      button.addEventListener('click', () => run(command, args));
      row.node.append(button);
      this._buttons.set(command, button);
    }
    this._state.className = 'mmteach-state';
    row.node.append(this._state);
    return row;
  }

  private _show(): void {
    if (this.isDisposed || this._cell.isDisposed) {
      return;
    }
    const words = this._model.words;
    const { id, title, points } = this._exercise;
    const known = this._model.exercise(id);
    const anyway = this.insist && !mayReadSolution(known);
    const labels: Record<string, string> = {
      [Command.check]: words.__('Check'),
      [Command.hint]: words.__('Hint'),
      [Command.reset]: words.__('Reset to starter'),
      [Command.undoReset]: words.__('Undo reset'),
      [Command.solution]: anyway ? words.__('Show it anyway') : words.__('Show solution')
    };
    this._buttons.forEach((button, command) => (button.textContent = labels[command]));
    const mark = markOf({ mmteach: this._cell.model.getMetadata('mmteach') });
    this._buttons.get(Command.undoReset)!.hidden = !mark?.history?.length;
    this.node.setAttribute('aria-label', words.__('Exercise: %1', title));
    this._state.textContent = `${signOf(known?.status ?? '')} ${exerciseWords(known, points, words)}`;
    this._state.dataset.state = known?.status ?? '';
  }

  private _cell: Cell;
  private _exercise: Found;
  private _model: CourseModel;
  private _buttons = new Map<string, HTMLButtonElement>();
  private _sentence = document.createElement('p');
  private _state = document.createElement('span');
}
