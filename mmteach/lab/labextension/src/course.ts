/** What the server tells about the course, and what follows from it. Nothing here knows JupyterLab. */

export interface Exercise {
  id: string;
  title: string;
  points: number;
  out_of: number;
  version: number;
  status: string;
  tries: number;
  hints: number;
  solution_seen: boolean;
}

export interface Chapter {
  number: number;
  slug: string;
  title: string;
  minutes: number | null;
  path: string;
  state: 'untouched' | 'begun' | 'done';
  points: number;
  out_of: number;
  damaged: boolean;
  exercises: Exercise[];
}

export interface Course {
  version: string;
  folder: string | null;
  writable: boolean;
  chapters: Chapter[];
  points: number;
  out_of: number;
  last: { path: string; exercise: string | null } | null;
  sentence: string;
}

export interface Change {
  name: string;
  action: string;
  version: string;
  beside: string | null;
  sentence: string;
}

/** Tries after which the solution is shown without being asked twice: as in the engine. */
export const TRIES = 3;

/** The chapter that a notebook is. */
export function chapterAt(course: Course | null, path: string | null): Chapter | null {
  return course?.chapters.find(chapter => chapter.path === path) ?? null;
}

/** The chapter so many places further (or back, where negative); from nowhere, the first. */
export function chapterBeside(course: Course | null, path: string | null, step: number): Chapter | null {
  if (!course) {
    return null;
  }
  const here = course.chapters.findIndex(chapter => chapter.path === path);
  return here < 0 ? (course.chapters[0] ?? null) : (course.chapters[here + step] ?? null);
}

/** An exercise wherever it stands in the course. */
export function exerciseNamed(course: Course | null, id: string): Exercise | null {
  for (const chapter of course?.chapters ?? []) {
    const found = chapter.exercises.find(exercise => exercise.id === id);
    if (found) {
      return found;
    }
  }
  return null;
}

/** The first exercise that is not passed, in the chapters behind a notebook; then from the front. */
export function openExercise(course: Course | null, path: string | null): { chapter: Chapter; id: string } | null {
  const chapters = course?.chapters ?? [];
  const here = chapters.findIndex(chapter => chapter.path === path);
  for (const chapter of [...chapters.slice(here + 1), ...chapters.slice(0, here + 1)]) {
    const open = chapter.exercises.find(exercise => exercise.status !== 'passed');
    if (open && !chapter.damaged) {
      return { chapter, id: open.id };
    }
  }
  return null;
}

/** Whether the solution comes at the first click: passed, or tried often enough. */
export function mayReadSolution(exercise: Exercise | null): boolean {
  return exercise !== null && (exercise.status === 'passed' || exercise.tries >= TRIES);
}

/** Whole per cent reached; an empty course has reached nothing. */
export function percent(points: number, outOf: number): number {
  return outOf > 0 ? Math.round((100 * points) / outOf) : 0;
}

/** Exercises whose status is another one than before: what a screen reader should be told. */
export function changedSince(before: Course | null, now: Course | null): Exercise[] {
  if (!before || !now) {
    return [];
  }
  return now.chapters
    .flatMap(chapter => chapter.exercises)
    .filter(exercise => {
      const old = exerciseNamed(before, exercise.id);
      return old !== null && (old.status !== exercise.status || old.points !== exercise.points);
    });
}
