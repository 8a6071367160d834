/** What there is to say above the chapters, and what can be done about it. Nothing here knows JupyterLab. */
import { Change, Course } from './course.js';

export type Situation = 'loading' | 'ready' | 'no-server' | 'no-answer' | 'error';

export interface Notice {
  kind: 'info' | 'warning';
  text: string;
  /** What a button under it does. */
  action?: { label: string; command: string };
}

export interface Words {
  __(text: string, ...values: unknown[]): string;
  _n(one: string, many: string, n: number): string;
}

export interface Known {
  situation: Situation;
  /** The server's own sentence, where it refused. */
  error: string;
  course: Course | null;
  changes: Change[];
  offerTour: boolean;
}

/** The notices, most pressing first. */
export function notices(known: Known, words: Words): Notice[] {
  const { course, situation } = known;
  const all = [...ofServer(situation, known.error, words)];
  if (!course) {
    return all;
  }
  if (course.sentence) {
    all.push({ kind: 'warning', text: course.sentence });
  }
  if (course.folder === null) {
    return [...all, noFolder(course.writable, words)];
  }
  if (!course.writable) {
    all.push({
      kind: 'warning',
      text: words.__('The course folder cannot be written: what you do here cannot be saved in it.')
    });
  }
  for (const chapter of course.chapters.filter(each => each.damaged)) {
    const text = words.__(
      '%1 is damaged and cannot be read. Rename it; bringing the course up to date then adds a fresh copy.',
      chapter.path
    );
    all.push(withUpdate('warning', text, words));
  }
  if (known.changes.length) {
    const text = words._n(
      'A file of the course has a newer version. What you wrote is kept.',
      '%1 files of the course have newer versions. What you wrote is kept.',
      known.changes.length
    );
    all.push(withUpdate('info', text, words));
  }
  if (known.offerTour) {
    const text = words.__('New here? A tour shows the panel in six steps.');
    all.push({ kind: 'info', text, action: { label: words.__('Take the tour'), command: 'mmteach:tour' } });
  }
  return all;
}

function ofServer(situation: Situation, error: string, words: Words): Notice[] {
  const again = { label: words.__('Try again'), command: 'mmteach:refresh' };
  switch (situation) {
    case 'no-server': {
      const text = words.__(
        'The server part of mmteach does not run, so your progress is not shown. Checks work all the same. ' +
          'In a terminal: jupyter server extension enable mmteach.lab; then start JupyterLab again.'
      );
      return [{ kind: 'warning', text, action: again }];
    }
    case 'no-answer': {
      const text = words.__('The server does not answer. Your notebooks are safe; this shows what was known before.');
      return [{ kind: 'warning', text, action: again }];
    }
    case 'error':
      return [{ kind: 'warning', text: error, action: again }];
    default:
      return [];
  }
}

function noFolder(writable: boolean, words: Words): Notice {
  if (!writable) {
    return {
      kind: 'warning',
      text: words.__('There is no course here, and this folder cannot be written: start JupyterLab in another one.')
    };
  }
  const text = words.__('There is no course in this folder yet.');
  return { kind: 'info', text, action: { label: words.__('Make the course folder'), command: 'mmteach:make-course' } };
}

function withUpdate(kind: Notice['kind'], text: string, words: Words): Notice {
  return { kind, text, action: { label: words.__('Bring up to date…'), command: 'mmteach:update-course' } };
}
