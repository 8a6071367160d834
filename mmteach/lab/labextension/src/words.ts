/** The language of the panel: JupyterLab's, or the one chosen in the settings. */
import { ITranslator, ITranslatorConnector, TranslationManager } from '@jupyterlab/translation';
import { Words } from './notices.js';

// JupyterLab hands our catalogue out only beside its own language pack; the setting works without one.
const CATALOGUES: Record<string, () => Promise<{ default: object }>> = {
  zh_CN: () => import('../locale/zh_CN/LC_MESSAGES/mmteach.json')
};

/** Load the catalogue of a language: "default" is JupyterLab's. */
export async function wordsIn(language: string, translator: ITranslator): Promise<Words> {
  if (language === 'default') {
    return translator.load('mmteach');
  }
  const mmteach = (await CATALOGUES[language]?.())?.default;
  const connector = { fetch: async () => ({ data: mmteach ? { mmteach } : {}, message: '' }) };
  const own = new TranslationManager('', '', undefined, connector as unknown as ITranslatorConnector);
  if (mmteach) {
    await own.fetch(language);
  }
  return own.load('mmteach');
}
