/** The language of the panel: JupyterLab's, or the one chosen in the settings. */
import { ITranslator, TranslationManager } from '@jupyterlab/translation';
import { Words } from './notices.js';

/** Load the catalogue of a language: "default" is JupyterLab's. */
export async function wordsIn(language: string, translator: ITranslator): Promise<Words> {
  if (language === 'default') {
    return translator.load('mmteach');
  }
  const own = new TranslationManager();
  if (language !== 'en') {
    await own.fetch(language);
  }
  return own.load('mmteach');
}
