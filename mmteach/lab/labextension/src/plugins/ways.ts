/** `mmteach:ways`: commands that lead through the course. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { chapterBeside, openExercise } from '../course.js';
import { nextBelow } from '../marks.js';
import { CourseModel } from '../model';
import { showExercise } from '../notebooks';
import { Command, ICourse } from '../tokens';

export const ways: JupyterFrontEndPlugin<void> = {
  id: 'mmteach:ways',
  description: 'Next exercise, next chapter, where I stopped.',
  autoStart: true,
  requires: [ICourse, INotebookTracker],
  activate: (app: JupyterFrontEnd, model: CourseModel, tracker: INotebookTracker) => {
    const words = () => model.words;
    const open = (path: string, id?: string) => goTo(app, tracker, path, id);
    const path = () => model.here?.path ?? null;

    app.commands.addCommand(Command.goTo, {
      label: () => words().__('Go to an exercise or a chapter'),
      execute: args => open(String(args.path), args.exercise ? String(args.exercise) : undefined)
    });
    app.commands.addCommand(Command.refresh, {
      label: () => words().__('Ask the server for the course again'),
      execute: () => model.refresh()
    });
    app.commands.addCommand(Command.resume, {
      label: () => words().__('Go to where I stopped'),
      isEnabled: () => !!model.course?.chapters.length,
      execute: () => {
        const last = model.course?.last ?? { path: model.course!.chapters[0].path, exercise: null };
        return open(last.path, last.exercise ?? undefined);
      }
    });
    app.commands.addCommand(Command.nextExercise, {
      label: () => words().__('Go to the next exercise'),
      execute: () => {
        const below = nextBelow(
          model.here?.exercises ?? [],
          tracker.currentWidget?.content.activeCellIndex ?? -1,
          id => model.exercise(id)?.status === 'passed'
        );
        const next = openExercise(model.course, path());
        if (below) {
          return open(path()!, below.id);
        }
        return next ? open(next.chapter.path, next.id) : undefined;
      }
    });
    for (const [command, step] of [[Command.nextChapter, 1], [Command.previousChapter, -1]] as const) {
      app.commands.addCommand(command, {
        label: () => (step > 0 ? words().__('Open the next chapter') : words().__('Open the previous chapter')),
        isEnabled: () => chapterBeside(model.course, path(), step) !== null,
        execute: () => open(chapterBeside(model.course, path(), step)!.path)
      });
    }
  }
};

/** Open a notebook, and in it the cell of an exercise. */
async function goTo(app: JupyterFrontEnd, tracker: INotebookTracker, path: string, id?: string): Promise<void> {
  const widget = await app.commands.execute('docmanager:open', { path });
  const panel = widget as NotebookPanel | undefined;
  if (!panel || !tracker.has(panel)) {
    return; // JupyterLab has said why
  }
  await panel.revealed;
  if (id) {
    await showExercise(panel, id);
  } else {
    panel.activate();
  }
}
