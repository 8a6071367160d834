/**
 * `mmteach:order`: one thing after the other in our widgets.
 *
 * JupyterLab hands what widgets send to a second thread of the kernel, and ipykernel answers some of it on the first: a
 * name typed and a button pressed after it may then arrive in the wrong order, and two answers be computed at once.
 */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { CommsOverSubshells } from '@jupyterlab/services';
import { namesUs } from '../notebooks';

export const order: JupyterFrontEndPlugin<void> = {
  id: 'mmteach:order',
  description: 'Lets the widgets of a notebook that uses mmteach be answered in the order in which they were moved.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_: JupyterFrontEnd, tracker: INotebookTracker) => {
    tracker.widgetAdded.connect((_, panel) => {
      panel.sessionContext.kernelChanged.connect(() => keepOrder(panel));
      void panel.revealed.then(() => keepOrder(panel));
    });
    NotebookActions.executionScheduled.connect((_, { notebook }) => {
      const panel = tracker.find(panel => panel.content === notebook);
      if (panel) {
        keepOrder(panel);
      }
    });
  }
};

/** One thread for all widgets of the notebook; other people's notebooks keep the setting of JupyterLab. */
function keepOrder(panel: NotebookPanel): void {
  const kernel = panel.sessionContext.session?.kernel;
  if (kernel && kernel.commsOverSubshells !== CommsOverSubshells.Disabled && namesUs(panel.content)) {
    kernel.commsOverSubshells = CommsOverSubshells.Disabled;
  }
}
