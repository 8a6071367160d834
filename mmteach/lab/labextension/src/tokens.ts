/** What plugins ask each other for. */
import { Token } from '@lumino/coreutils';
import { CourseModel } from './model';

/** The one model that all plugins share. */
export const ICourse = new Token<CourseModel>('mmteach:ICourse', 'What is known of the course and the open notebook.');

/** The commands, by what they do. */
export const Command = {
  open: 'mmteach:open-course',
  refresh: 'mmteach:refresh',
  resume: 'mmteach:resume',
  goTo: 'mmteach:go-to',
  nextExercise: 'mmteach:next-exercise',
  nextChapter: 'mmteach:next-chapter',
  previousChapter: 'mmteach:previous-chapter',
  check: 'mmteach:check',
  hint: 'mmteach:hint',
  reset: 'mmteach:reset',
  undoReset: 'mmteach:undo-reset',
  solution: 'mmteach:solution',
  tour: 'mmteach:tour',
  makeCourse: 'mmteach:make-course',
  update: 'mmteach:update-course'
} as const;
