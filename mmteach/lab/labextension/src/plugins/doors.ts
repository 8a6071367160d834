/** `mmteach:doors`: the card in the launcher and the commands in the palette. The Help menu is in schema/panel.json. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { courseIcon } from '../icon';
import { CourseModel } from '../model';
import { Command, ICourse } from '../tokens';

const CARD = 'mmteach:start';
const IN_PALETTE = [
  Command.open,
  Command.resume,
  Command.nextExercise,
  Command.nextChapter,
  Command.previousChapter,
  Command.check,
  Command.hint,
  Command.reset,
  Command.undoReset,
  Command.solution,
  Command.tour,
  Command.update
];

export const doors: JupyterFrontEndPlugin<void> = {
  id: 'mmteach:doors',
  description: 'A card in the launcher and commands in the palette.',
  autoStart: true,
  requires: [ICourse],
  optional: [ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    model: CourseModel,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ) => {
    for (const command of IN_PALETTE) {
      palette?.addItem({ command, category: 'mmteach', args: { isPalette: true } });
    }
    app.commands.addCommand(CARD, {
      label: () => model.words.__('mmteach course'),
      caption: () => model.words.__('Go on where you stopped'),
      icon: courseIcon,
      execute: async () => {
        await app.commands.execute(Command.open);
        if (model.course?.folder !== null && app.commands.isEnabled(Command.resume)) {
          await app.commands.execute(Command.resume);
        }
      }
    });
    launcher?.add({ command: CARD, category: 'mmteach' });
  }
};
