/** The cells of an exercise, found by their metadata. Nothing here knows JupyterLab. */

export interface Mark {
  exercise: string;
  part: string;
  points?: number;
  version?: number;
  title?: string;
  /** What the student had written before each reset, oldest first. */
  history?: string[];
  /** What the last reset put in its place. */
  pristine?: string;
}

/** An exercise of the open notebook; `cell` is the place of its starter. */
export interface Found {
  id: string;
  title: string;
  points: number;
  version: number;
  cell: number;
}

const KEPT = 20;

/** Read a cell's mark; whatever does not look like one is none. */
export function markOf(metadata: unknown): Mark | null {
  const mark = (metadata as { mmteach?: unknown } | null | undefined)?.mmteach as Mark | undefined;
  const whole = typeof mark === 'object' && mark !== null && typeof mark.exercise === 'string';
  return whole && typeof mark.part === 'string' ? mark : null;
}

/** The exercises of a notebook, in order. */
export function found(marks: (Mark | null)[]): Found[] {
  const all: Found[] = [];
  marks.forEach((mark, cell) => {
    if (mark?.part === 'starter' && !all.some(other => other.id === mark.exercise)) {
      const { exercise: id, title = id, points = 0, version = 1 } = mark;
      all.push({ id, title, points, version, cell });
    }
  });
  return all;
}

/** The exercise that a cell belongs to: its own mark's, else the last one that begins above it. */
export function exerciseAt(marks: (Mark | null)[], cell: number): string | null {
  const own = marks[cell]?.exercise;
  return own ?? found(marks).filter(exercise => exercise.cell <= cell).pop()?.id ?? null;
}

/** The next exercise below a cell that is not passed. */
export function nextBelow(all: Found[], cell: number, passed: (id: string) => boolean): Found | null {
  return all.find(exercise => exercise.cell > cell && !passed(exercise.id)) ?? null;
}

/** The places of the cells that a check runs: starter and check, and all code above where the kernel is fresh. */
export function cellsToCheck(marks: (Mark | null)[], isCode: boolean[], id: string, fresh: boolean): number[] {
  const own = marks.flatMap((mark, i) => (mark?.exercise === id && isCode[i] ? [i] : []));
  if (!fresh || own.length === 0) {
    return own;
  }
  return isCode.flatMap((code, i) => (code && i < own[0] ? [i] : [])).concat(own);
}

/** The mark after a reset: the student's text is kept, unless it was the starter itself. */
export function afterReset(mark: Mark, text: string, pristine: string): Mark {
  const history = (mark.history ?? []).filter(old => old !== text);
  const kept = text.trim() === pristine.trim() ? history : [...history, text];
  return { ...mark, history: kept.slice(-KEPT), pristine };
}

/** Take the last reset back: text and mark after it; null where nothing was reset. */
export function afterUndo(mark: Mark, text: string): { text: string; mark: Mark } | null {
  const history = [...(mark.history ?? [])];
  const last = history.pop();
  if (last === undefined) {
    return null;
  }
  // What was written since the reset is not lost either: it becomes the oldest that is kept.
  const since = mark.pristine !== undefined && text.trim() === mark.pristine.trim() ? [] : [text];
  return { text: last, mark: { ...mark, history: [...since, ...history] } };
}
