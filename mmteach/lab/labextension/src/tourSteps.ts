/** The six steps of the tour, and where its box stands. Nothing here knows JupyterLab. */
import { Words } from './notices.js';

export interface Step {
  /** What is pointed at: the first of these that is on the page. */
  target: string[];
  title: string;
  text: string;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The steps, in order. */
export function steps(words: Words): Step[] {
  return [
    {
      target: ['.mmteach-panel'],
      title: words.__('The course'),
      text: words.__('This panel leads through the course. It is always in the left side bar, and in the Help menu.')
    },
    {
      target: ['.mmteach-chapters'],
      title: words.__('Chapters'),
      text: words.__('One notebook each, with its minutes. ○ is not begun, ◐ begun, ✓ done. A click opens it.')
    },
    {
      target: ['.mmteach-exercises'],
      title: words.__('Exercises'),
      text: words.__('The exercises of the notebook in front of you. A click goes to the cell.')
    },
    {
      target: ['.mmteach-bar', '.mmteach-exercises'],
      title: words.__('Check, Hint, Reset, Solution'),
      text: words.__(
        'Under each exercise. Check runs your cell and says what holds; Reset keeps what you wrote and can be undone.'
      )
    },
    {
      target: ['.mmteach-ways'],
      title: words.__('Where to go on'),
      text: words.__('Your progress is kept on this machine. After a break, this goes back to where you stopped.')
    },
    {
      target: ['.mmteach-overall'],
      title: words.__('How far you are'),
      text: words.__('The ring counts your points. Press Ctrl+Shift+C and write "mmteach" for every command.')
    }
  ];
}

const GAP = 12;

/** Place a box right of its target, else left, else below; always whole on the page. */
export function placed(target: Box, box: { width: number; height: number }, page: { width: number; height: number }) {
  const right = target.left + target.width + GAP;
  const left = target.left - box.width - GAP;
  const beside = right + box.width <= page.width ? right : left >= 0 ? left : null;
  const x = beside ?? target.left;
  const y = beside === null ? target.top + target.height + GAP : target.top;
  return { left: clamp(x, page.width - box.width), top: clamp(y, page.height - box.height) };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}
