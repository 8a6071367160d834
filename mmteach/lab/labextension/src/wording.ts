/** How an exercise or a chapter stands, in a sign and in words: colour alone tells nothing. */
import { Chapter, Exercise } from './course.js';
import { Words } from './notices.js';

const SIGNS: Record<string, string> = {
  passed: '✓',
  partly: '◐',
  incorrect: '✗',
  broken: '⚠',
  'set-up problem': '⚙'
};

/** The sign of a status. */
export function signOf(status: string): string {
  return SIGNS[status] ?? '○';
}

/** A status in words. */
export function statusWords(status: string, words: Words): string {
  switch (status) {
    case 'passed':
      return words.__('passed');
    case 'partly':
      return words.__('partly right');
    case 'incorrect':
      return words.__('not right yet');
    case 'broken':
      return words.__('does not run');
    case 'set-up problem':
      return words.__('set-up problem');
    default:
      return words.__('not begun');
  }
}

/** An exercise: status, points; where nothing is known of it, what it is worth. */
export function exerciseWords(exercise: Exercise | null, worth: number, words: Words): string {
  if (!exercise || signOf(exercise.status) === '○') {
    return `${statusWords('', words)} · ${words._n('one point', '%1 points', worth)}`;
  }
  const points = words.__('%1 of %2 points', exercise.points, exercise.out_of);
  return `${statusWords(exercise.status, words)} · ${points}`;
}

/** The sign of a chapter. */
export function chapterSign(chapter: Chapter): string {
  if (chapter.damaged) {
    return '⚠';
  }
  return { untouched: '○', begun: '◐', done: '✓' }[chapter.state] ?? '○';
}

/** A chapter: state, minutes, points. */
export function chapterWords(chapter: Chapter, words: Words): string {
  const state = chapter.damaged
    ? words.__('damaged')
    : { untouched: words.__('not begun'), begun: words.__('begun'), done: words.__('done') }[chapter.state];
  const minutes = chapter.minutes === null ? [] : [words.__('%1 min', chapter.minutes)];
  const points = chapter.out_of ? [words.__('%1 of %2 points', chapter.points, chapter.out_of)] : [];
  return [state, ...minutes, ...points].join(' · ');
}

/** "02 Preprocess", also where the title itself begins with its number. */
export function chapterTitle(chapter: Chapter): string {
  return `${String(chapter.number).padStart(2, '0')} ${chapter.title.replace(/^\d+\s+/, '')}`;
}
