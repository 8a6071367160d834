// Cells of exercises, and the history of a reset: nothing that was written is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as marks from '../lib/marks.js';

const starter = (exercise, more = {}) => ({ exercise, part: 'starter', points: 3, version: 1, title: 'T', ...more });
const cells = [
  null, null,
  { exercise: 'a', part: 'task' }, starter('a'), { exercise: 'a', part: 'check' },
  null, starter('b'), { exercise: 'b', part: 'check' }
];
const isCode = [false, true, false, true, true, true, true, true];

test('only a whole mark counts; other metadata of that name are left alone', () => {
  for (const metadata of [undefined, null, {}, { mmteach: null }, { mmteach: 'x' }, { mmteach: { exercise: 3, part: 'a' } }]) {
    assert.equal(marks.markOf(metadata), null);
  }
  assert.equal(marks.markOf({ mmteach: cells[3] }).exercise, 'a');
});

test('a notebook has each exercise once, where its starter is', () => {
  assert.deepEqual(marks.found(cells).map(e => [e.id, e.cell]), [['a', 3], ['b', 6]]);
  assert.equal(marks.found([...cells, starter('a')]).length, 2); // a cell that was copied
  assert.deepEqual(marks.found([null, null]), []);
});

test('a cell belongs to its exercise, or to the one above it', () => {
  assert.deepEqual([0, 2, 3, 5, 6].map(i => marks.exerciseAt(cells, i)), [null, 'a', 'a', 'a', 'b']);
});

test('the next exercise below is one that is not passed', () => {
  const all = marks.found(cells);
  assert.equal(marks.nextBelow(all, 0, () => false).id, 'a');
  assert.equal(marks.nextBelow(all, 0, id => id === 'a').id, 'b');
  assert.equal(marks.nextBelow(all, 6, () => false), null);
});

test('a check runs starter and check; in a fresh kernel all code above as well', () => {
  assert.deepEqual(marks.cellsToCheck(cells, isCode, 'b', false), [6, 7]);
  assert.deepEqual(marks.cellsToCheck(cells, isCode, 'b', true), [1, 3, 4, 5, 6, 7]);
  assert.deepEqual(marks.cellsToCheck(cells, isCode, 'none', true), []);
});

test('reset and undo bring the text back as it was', () => {
  const after = marks.afterReset(starter('a'), 'my work', 'starter');
  assert.deepEqual(after.history, ['my work']);
  const back = marks.afterUndo(after, 'starter');
  assert.equal(back.text, 'my work');
  assert.deepEqual(back.mark.history, []);
  assert.equal(marks.afterUndo(back.mark, 'my work'), null);
});

test('what was written after a reset survives the undo', () => {
  const after = marks.afterReset(starter('a'), 'first', 'starter');
  const back = marks.afterUndo(after, 'second');
  assert.equal(back.text, 'first');
  assert.deepEqual(back.mark.history, ['second']);
});

test('a starter that was not touched is not kept, and no text twice', () => {
  assert.deepEqual(marks.afterReset(starter('a'), 'starter\n', 'starter').history, []);
  const twice = marks.afterReset(marks.afterReset(starter('a'), 'x', 'starter'), 'x', 'starter');
  assert.deepEqual(twice.history, ['x']);
});

test('the history is kept short, and the mark otherwise as it was', () => {
  let mark = starter('a', { extra: true });
  for (let i = 0; i < 30; i++) {
    mark = marks.afterReset(mark, `text ${i}`, 'starter');
  }
  assert.equal(mark.history.length, 20);
  assert.equal(mark.history.at(-1), 'text 29');
  assert.deepEqual([mark.title, mark.extra], ['T', true]);
});
