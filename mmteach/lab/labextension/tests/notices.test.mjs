// Each state of the course has its sentence, and where something can be done, a button.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notices } from '../lib/notices.js';
import { placed, steps } from '../lib/tourSteps.js';
import { chapterSign, chapterTitle, chapterWords, exerciseWords, signOf } from '../lib/wording.js';

const fill = (text, values) => text.replace(/%(\d)/g, (_, i) => values[i - 1]);
const words = {
  __: (text, ...values) => fill(text, values),
  _n: (one, many, n) => fill(n === 1 ? one : many, [n])
};
const course = {
  version: '0.1.0', folder: '', writable: true, chapters: [], points: 0, out_of: 0, last: null, sentence: ''
};
const known = more => ({ situation: 'ready', error: '', course, changes: [], offerTour: false, ...more });
const said = more => notices(known(more), words);

test('where all is well there is nothing to say', () => assert.deepEqual(said({}), []));

test('no server part, no answer, a refusal: a sentence, and it can be tried again', () => {
  for (const [situation, word] of [['no-server', 'jupyter server extension'], ['no-answer', 'does not answer']]) {
    const [notice] = said({ situation, course: null });
    assert.match(notice.text, new RegExp(word));
    assert.equal(notice.action.command, 'mmteach:refresh');
  }
  assert.equal(said({ situation: 'error', error: 'the disk is full', course: null })[0].text, 'the disk is full');
});

test('without a folder the course can be made, unless nothing can be written there', () => {
  assert.equal(said({ course: { ...course, folder: null } })[0].action.command, 'mmteach:make-course');
  const [notice] = said({ course: { ...course, folder: null, writable: false } });
  assert.match(notice.text, /cannot be written/);
  assert.equal(notice.action, undefined);
});

test('read-only folder, damaged notebook, damaged progress, newer course, tour', () => {
  const chapter = { path: '02_preprocess.ipynb', damaged: true };
  const all = said({
    course: { ...course, writable: false, chapters: [chapter], sentence: 'Progress was damaged.' },
    changes: [{}, {}],
    offerTour: true
  });
  assert.equal(all.length, 5);
  assert.match(all[0].text, /Progress was damaged/);
  assert.match(all[1].text, /cannot be written/);
  assert.match(all[2].text, /02_preprocess.ipynb is damaged/);
  assert.match(all[3].text, /^2 files/);
  assert.equal(all[4].action.command, 'mmteach:tour');
});

test('a state is told by a sign and in words', () => {
  assert.equal(new Set(['passed', 'partly', 'incorrect', 'broken', 'set-up problem', ''].map(signOf)).size, 6);
  const exercise = { status: 'partly', points: 2, out_of: 5 };
  assert.equal(exerciseWords(exercise, 5, words), 'partly right · 2 of 5 points');
  assert.equal(exerciseWords(null, 1, words), 'not begun · one point');
});

test('a chapter tells state, minutes and points, and its number once', () => {
  const chapter = { number: 2, title: '02 Preprocess', state: 'begun', minutes: 85, points: 3, out_of: 11, damaged: false };
  assert.equal(chapterWords(chapter, words), 'begun · 85 min · 3 of 11 points');
  assert.equal(chapterTitle(chapter), '02 Preprocess');
  assert.equal(chapterTitle({ ...chapter, title: 'Preprocess' }), '02 Preprocess');
  assert.equal(chapterWords({ ...chapter, minutes: null, out_of: 0, damaged: true }, words), 'damaged');
  assert.equal(chapterSign({ ...chapter, damaged: true }), '⚠');
});

test('the tour has six steps, and its box stays on the page', () => {
  assert.equal(steps(words).length, 6);
  const page = { width: 800, height: 600 };
  const box = { width: 300, height: 200 };
  assert.deepEqual(placed({ left: 0, top: 100, width: 200, height: 400 }, box, page), { left: 212, top: 100 });
  assert.deepEqual(placed({ left: 500, top: 550, width: 300, height: 50 }, box, page), { left: 188, top: 400 });
  assert.deepEqual(placed({ left: 0, top: 0, width: 800, height: 600 }, box, page), { left: 0, top: 400 });
});
