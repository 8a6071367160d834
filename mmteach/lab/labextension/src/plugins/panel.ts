/** `mmteach:panel`: the panel in the side bar, as the settings want it. */
import { ILabShell, ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CourseModel } from '../model';
import { CoursePanel } from '../panel';
import { exerciseWords } from '../wording.js';
import { Command, ICourse } from '../tokens';
import { wordsIn } from '../words';

const SHOWN = 'mmteach:panel-shown';

export const panel: JupyterFrontEndPlugin<void> = {
  id: 'mmteach:panel',
  description: 'Shows the course in the left side bar.',
  autoStart: true,
  requires: [ICourse, ILabShell],
  optional: [ISettingRegistry, ILayoutRestorer, IStateDB, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    model: CourseModel,
    shell: ILabShell,
    registry: ISettingRegistry | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    translator: ITranslator | null
  ) => {
    const side = new CoursePanel(model, (command, args) => void app.commands.execute(command, args));
    const place = (show: boolean) => {
      if (show && !side.parent) {
        shell.add(side, 'left', { rank: 150 });
      } else if (!show) {
        side.parent = null;
      }
    };
    place(true);
    restorer?.add(side, 'mmteach-course');
    app.commands.addCommand(Command.open, {
      label: () => model.words.__('Open the course'),
      caption: () => model.words.__('Show the course in the side bar'),
      icon: args => (args.isPalette ? undefined : side.title.icon) as never,
      execute: () => {
        place(true);
        shell.activateById(side.id);
      }
    });
    announce(model);
    const settled = settings(registry, model, translator ?? nullTranslator, place);
    void Promise.all([app.restored, settled]).then(() => greet(shell, side, state));
  }
};

/** The first time in a workspace the panel stands open; afterwards as the student left it. */
async function greet(shell: ILabShell, side: CoursePanel, state: IStateDB | null): Promise<void> {
  const before = await state?.fetch(SHOWN);
  if (!before && side.parent) {
    side.takesFocus = false; // it shows itself, and takes nothing away
    shell.activateById(side.id);
    await state?.save(SHOWN, true);
    side.takesFocus = true;
  }
}

/** Read the settings, and again whenever they change. */
async function settings(
  registry: ISettingRegistry | null,
  model: CourseModel,
  translator: ITranslator,
  place: (show: boolean) => void
): Promise<void> {
  const loaded = await registry?.load(panel.id).catch(() => null);
  if (!loaded) {
    return;
  }
  let language = 'default';
  const read = async () => {
    place(loaded.get('showPanel').composite as boolean);
    document.body.classList.toggle('mmteach-mod-still', loaded.get('reducedMotion').composite === true);
    model.offerTour = loaded.get('offerTour').composite as boolean;
    const wanted = loaded.get('language').composite as string;
    if (wanted !== language) {
      language = wanted;
      model.words = await wordsIn(wanted, translator).catch(() => model.words); // a damaged catalogue stops nothing
    }
  };
  loaded.changed.connect(() => void read());
  await read();
}

/** Tell a screen reader what a check has changed. */
function announce(model: CourseModel): void {
  const live = document.createElement('div');
  live.className = 'mmteach-live';
  live.setAttribute('role', 'status');
  document.body.append(live);
  model.checked.connect((_, exercises) => {
    live.textContent = exercises.map(e => `${e.title}: ${exerciseWords(e, e.out_of, model.words)}`).join('. ');
  });
}
