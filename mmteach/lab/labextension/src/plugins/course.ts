/** `mmteach:course`: the model, asked anew whenever something may have changed. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { chapterAt } from '../course.js';
import { CourseModel } from '../model';
import { hereIn, isOurs } from '../notebooks';
import { ask } from '../talk';
import { ICourse } from '../tokens';

export const course: JupyterFrontEndPlugin<CourseModel> = {
  id: 'mmteach:course',
  description: 'Knows the course, the open notebook, and how the exercises stand.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator],
  provides: ICourse,
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker, translator: ITranslator | null) => {
    const model = new CourseModel((translator ?? nullTranslator).load('mmteach'));
    follow(tracker, model);
    NotebookActions.executed.connect((_, { notebook }) => {
      const path = tracker.find(panel => panel.content === notebook)?.context.path;
      const moved = path && chapterAt(model.course, path) && model.course?.last?.path !== path;
      const noted = moved ? note({ kind: 'open', detail: path }) : null;
      if (noted ?? isOurs(notebook)) {
        void Promise.resolve(noted).then(() => model.refresh());
      }
    });
    // Another browser, or a terminal, may have gone on meanwhile.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        void model.refresh();
      }
    });
    void app.restored.then(() => model.refresh());
    return model;
  }
};

/** Write down where the student is, for "where I stopped"; nothing else is lost where it cannot be written. */
async function note(event: object): Promise<void> {
  await ask('events', event).catch(() => undefined);
}

/** Tell the model which notebook is in front, and which exercise in it. */
function follow(tracker: INotebookTracker, model: CourseModel): void {
  const opened = new Set<string>();
  const look = () => {
    const panel = tracker.currentWidget;
    model.here = panel?.context.isReady && panel.content.model ? hereIn(panel) : null;
    const active = model.here?.exercises.find(exercise => exercise.id === model.here?.active);
    if (active && !opened.has(active.id)) {
      opened.add(active.id);
      const event = { exercise: active.id, version: active.version, kind: 'open', detail: model.here?.path ?? '' };
      void note(event).then(() => model.refresh());
    }
  };
  tracker.currentChanged.connect(look);
  tracker.activeCellChanged.connect(look);
  tracker.widgetAdded.connect((_, panel) => {
    void panel.revealed.then(() => {
      panel.content.model?.cells.changed.connect(look);
      look();
    });
    panel.context.pathChanged.connect(look);
  });
}
