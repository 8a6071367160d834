/** `mmteach:tour`: six steps through the panel; offered once, there whenever it is wanted. */
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { CourseModel } from '../model';
import { Tour } from '../tour';
import { Command, ICourse } from '../tokens';

export const tour: JupyterFrontEndPlugin<void> = {
  id: 'mmteach:tour',
  description: 'A tour of six steps.',
  autoStart: true,
  requires: [ICourse],
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, model: CourseModel, registry: ISettingRegistry | null) => {
    let running: Tour | null = null;
    app.commands.addCommand(Command.tour, {
      label: () => model.words.__('Tour of the course panel'),
      execute: async () => {
        running?.dispose();
        await app.commands.execute(Command.open);
        await new Promise(soon => setTimeout(soon, 100)); // the palette and the panel take the focus first
        running = new Tour(model.words);
        running.begin();
        model.offerTour = false;
        // Where settings cannot be written, it is offered again next time; nothing else is lost.
        await registry?.set('mmteach:panel', 'offerTour', false).catch(() => undefined);
      }
    });
  }
};
