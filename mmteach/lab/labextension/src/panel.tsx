/** The panel in the left side bar. */
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Course, chapterAt, chapterBeside } from './course.js';
import { courseIcon } from './icon';
import { CourseModel, Here } from './model';
import { notices, Words } from './notices.js';
import { Line, Notices, Ring, Run } from './parts';
import { Command } from './tokens';
import { chapterSign, chapterTitle, chapterWords, exerciseWords, signOf } from './wording.js';

export class CoursePanel extends ReactWidget {
  constructor(model: CourseModel, run: Run) {
    super();
    this._model = model;
    this._run = run;
    this.id = 'mmteach-course';
    this.addClass('mmteach-panel');
    this.title.icon = courseIcon;
    this.title.caption = model.words.__('Course');
    this.node.setAttribute('role', 'region');
    model.changed.connect(this._name, this);
    this._name();
  }

  override dispose(): void {
    this._model.changed.disconnect(this._name, this);
    super.dispose();
  }

  override render(): React.ReactElement {
    return <UseSignal signal={this._model.changed}>{() => <Panel model={this._model} run={this._run} />}</UseSignal>;
  }

  /** Whether the focus follows when the panel is called. */
  takesFocus = true;

  /** After the panel is called, the focus stands on its first button; a little later, for the palette puts it back. */
  protected override onActivateRequest(): void {
    if (this.takesFocus) {
      requestAnimationFrame(() => setTimeout(() => this.node.querySelector<HTMLElement>('button:enabled')?.focus()));
    }
  }

  private _name(): void {
    this.title.caption = this._model.words.__('Course');
    this.node.setAttribute('aria-label', this.title.caption);
  }

  private _model: CourseModel;
  private _run: Run;
}

function Panel(props: { model: CourseModel; run: Run }): React.ReactElement {
  const { model, run } = props;
  const { course, words, here } = model;
  return (
    <>
      <h2 className="mmteach-heading">{words.__('Course')}</h2>
      {course && course.folder !== null && <Ring points={course.points} outOf={course.out_of} words={words} />}
      <Notices all={notices(model, words)} run={run} />
      {model.situation === 'loading' && <p className="mmteach-quiet">{words.__('Asking the server…')}</p>}
      {course && course.chapters.length > 0 && <Ways course={course} here={here} words={words} run={run} />}
      <Exercises model={model} run={run} />
      {course && <Chapters course={course} here={here} words={words} run={run} />}
    </>
  );
}

/** Where I stopped, forth and back. */
function Ways(props: { course: Course; here: Here | null; words: Words; run: Run }): React.ReactElement {
  const { course, here, words, run } = props;
  const stopped = chapterAt(course, course.last?.path ?? null);
  const path = here?.path ?? null;
  const back = chapterBeside(course, path, -1);
  return (
    <nav className="mmteach-ways" aria-label={words.__('Where to go on')}>
      <button className="mmteach-button mmteach-resume" onClick={() => run(Command.resume)}>
        <strong>{stopped ? words.__('Where I stopped') : words.__('Begin')}</strong>
        <span>{chapterTitle(stopped ?? course.chapters[0])}</span>
      </button>
      <button
        className="mmteach-button"
        aria-label={words.__('Previous chapter')}
        title={words.__('Previous chapter')}
        disabled={!path || !back}
        onClick={() => run(Command.previousChapter)}
      >
        ‹
      </button>
      <button className="mmteach-button mmteach-wide" onClick={() => run(Command.nextExercise)}>
        {words.__('Next exercise')}
      </button>
      <button
        className="mmteach-button"
        aria-label={words.__('Next chapter')}
        title={words.__('Next chapter')}
        disabled={!chapterBeside(course, path, 1)}
        onClick={() => run(Command.nextChapter)}
      >
        ›
      </button>
    </nav>
  );
}

function Exercises(props: { model: CourseModel; run: Run }): React.ReactElement | null {
  const { model, run } = props;
  const { here, words } = model;
  if (!here) {
    return null;
  }
  return (
    <section className="mmteach-exercises" aria-label={words.__('Exercises of this notebook')}>
      <h3 className="mmteach-heading">{words.__('Exercises of this notebook')}</h3>
      {here.exercises.length === 0 && <p className="mmteach-quiet">{words.__('This notebook has none.')}</p>}
      <ol>
        {here.exercises.map(({ id, title, points }) => {
          const known = model.exercise(id);
          const status = known?.status ?? '';
          return (
            <Line
              key={id}
              sign={signOf(status)}
              state={status}
              title={title}
              below={exerciseWords(known, points, words)}
              current={here.active === id}
              onClick={() => run(Command.goTo, { path: here.path, exercise: id })}
            />
          );
        })}
      </ol>
    </section>
  );
}

function Chapters(props: { course: Course; here: Here | null; words: Words; run: Run }): React.ReactElement {
  const { course, here, words, run } = props;
  return (
    <section className="mmteach-chapters" aria-label={words.__('Chapters')}>
      <h3 className="mmteach-heading">{words.__('Chapters')}</h3>
      <ol>
        {course.chapters.map(chapter => (
          <Line
            key={chapter.slug}
            sign={chapterSign(chapter)}
            state={chapter.damaged ? 'damaged' : chapter.state}
            title={chapterTitle(chapter)}
            below={chapterWords(chapter, words)}
            current={here?.path === chapter.path}
            disabled={course.folder === null}
            onClick={() => run(Command.goTo, { path: chapter.path })}
          />
        ))}
      </ol>
    </section>
  );
}
