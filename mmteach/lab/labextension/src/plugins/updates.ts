/** `mmteach:updates`: makes the course folder and brings it up to date; nothing that a student wrote is lost. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { Change, Course } from '../course.js';
import { CourseModel } from '../model';
import { ask } from '../talk';
import { Command, ICourse } from '../tokens';

interface Offer {
  changes: Change[];
  sentences?: string[];
}

export const updates: JupyterFrontEndPlugin<void> = {
  id: 'mmteach:updates',
  description: 'Makes the course folder and brings it up to date.',
  autoStart: true,
  requires: [ICourse],
  activate: (app: JupyterFrontEnd, model: CourseModel) => {
    app.commands.addCommand(Command.makeCourse, {
      label: () => model.words.__('Make the course folder'),
      execute: () => telling(model, () => make(app, model))
    });
    app.commands.addCommand(Command.update, {
      label: () => model.words.__('Bring the course up to date'),
      isEnabled: () => typeof model.course?.folder === 'string',
      execute: () => telling(model, () => update(app, model))
    });
    void app.restored.then(() => model.refresh()).then(() => look(model));
  }
};

/** See whether the course has newer versions of its files. */
async function look(model: CourseModel): Promise<void> {
  if (typeof model.course?.folder === 'string' && model.course.writable) {
    model.changes = (await ask<Offer>('updates').catch(() => ({ changes: [] }))).changes;
    model.tell();
  }
}

async function make(app: JupyterFrontEnd, model: CourseModel): Promise<void> {
  model.take(await ask<Course>('course', {}));
  if (app.commands.isEnabled(Command.resume)) {
    await app.commands.execute(Command.resume);
  }
}

async function update(app: JupyterFrontEnd, model: CourseModel): Promise<void> {
  const words = model.words;
  const { changes } = await ask<Offer>('updates');
  if (changes.length === 0) {
    model.changes = [];
    await tell(words.__('The course is up to date'), [words.__('Nothing has to be done.')], [ok(model)]);
  } else {
    const lines = changes.map(change => change.sentence);
    const buttons = [Dialog.cancelButton({ label: words.__('Not now') }), ok(model, words.__('Bring up to date'))];
    const answer = await tell(words.__('This is what would be done'), lines, buttons);
    if (!answer.button.accept) {
      return;
    }
    await app.commands.execute('docmanager:save-all').catch(() => undefined); // open notebooks count as well
    const done = await ask<Offer>('updates', {});
    model.changes = [];
    const said = done.sentences ?? done.changes.map(change => change.sentence);
    await tell(words.__('Done'), said, [ok(model)]);
  }
  await model.refresh();
}

/** Do something; what the server refuses is shown in its own sentence. */
async function telling(model: CourseModel, what: () => Promise<void>): Promise<void> {
  try {
    await what();
  } catch (error) {
    await tell(model.words.__('That did not work'), [(error as Error).message], [ok(model)]);
  }
}

function tell(title: string, lines: string[], buttons: Dialog.IButton[]) {
  const list = document.createElement('ul');
  list.className = 'mmteach-sentences';
  for (const line of lines) {
    list.append(Object.assign(document.createElement('li'), { textContent: line }));
  }
  return showDialog({ title, body: new Widget({ node: list }), buttons });
}

function ok(model: CourseModel, label?: string): Dialog.IButton {
  return Dialog.okButton({ label: label ?? model.words.__('OK') });
}
