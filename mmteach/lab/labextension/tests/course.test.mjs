// What follows from what the server tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as course from '../lib/course.js';

const exercise = (id, status = 'untouched', points = 0, tries = 0) => ({
  id, title: id, points, out_of: 5, version: 1, status, tries, hints: 0, solution_seen: false
});
const chapter = (number, ...exercises) => ({
  number, slug: `s${number}`, title: `T${number}`, minutes: 10, path: `0${number}_s.ipynb`, state: 'untouched',
  points: 0, out_of: 5, damaged: false, exercises
});
const made = (...chapters) => ({
  version: '0.1.0', folder: '', writable: true, chapters, points: 0, out_of: 10, last: null, sentence: ''
});
const three = made(chapter(0, exercise('a', 'passed')), chapter(1, exercise('b')), chapter(2, exercise('c')));

test('the chapter of a notebook is found by its path, and no other notebook is one', () => {
  assert.equal(course.chapterAt(three, '01_s.ipynb').number, 1);
  assert.equal(course.chapterAt(three, 'mine.ipynb'), null);
  assert.equal(course.chapterAt(null, '01_s.ipynb'), null);
});

test('next and previous end at the ends; from elsewhere one begins in front', () => {
  assert.equal(course.chapterBeside(three, '01_s.ipynb', 1).number, 2);
  assert.equal(course.chapterBeside(three, '02_s.ipynb', 1), null);
  assert.equal(course.chapterBeside(three, '00_s.ipynb', -1), null);
  assert.equal(course.chapterBeside(three, 'mine.ipynb', 1).number, 0);
  assert.equal(course.chapterBeside(null, null, 1), null);
});

test('the next open exercise is looked for behind the notebook, then from the front', () => {
  assert.equal(course.openExercise(three, '00_s.ipynb').id, 'b');
  assert.equal(course.openExercise(three, '01_s.ipynb').id, 'c');
  assert.equal(course.openExercise(three, '02_s.ipynb').id, 'b');
  assert.equal(course.openExercise(made(chapter(0, exercise('a', 'passed'))), null), null);
});

test('an exercise of a damaged chapter cannot be opened', () => {
  const damaged = { ...chapter(0, exercise('a')), damaged: true };
  assert.equal(course.openExercise(made(damaged), null), null);
});

test('the solution comes at once after passing or three tries', () => {
  assert.equal(course.mayReadSolution(null), false);
  assert.equal(course.mayReadSolution(exercise('a', 'incorrect', 0, 2)), false);
  assert.equal(course.mayReadSolution(exercise('a', 'incorrect', 0, 3)), true);
  assert.equal(course.mayReadSolution(exercise('a', 'passed', 5, 1)), true);
});

test('per cent', () => {
  assert.equal(course.percent(3, 90), 3);
  assert.equal(course.percent(0, 0), 0);
});

test('only what stands otherwise than before is told', () => {
  const after = made(chapter(0, exercise('a', 'passed')), chapter(1, exercise('b', 'partly', 2)));
  assert.deepEqual(course.changedSince(three, after).map(e => e.id), ['b']);
  assert.deepEqual(course.changedSince(null, after), []);
});
