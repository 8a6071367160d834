/** What the panel, the bars under exercises and the commands know together. */
import { ISignal, Signal } from '@lumino/signaling';
import { Change, changedSince, Course, Exercise, exerciseNamed } from './course.js';
import { Found } from './marks.js';
import { Situation, Words } from './notices.js';
import { ask, NoAnswer, NoServerPart } from './talk';

/** The notebook in front of the student. */
export interface Here {
  path: string;
  exercises: Found[];
  /** The exercise in which the active cell lies. */
  active: string | null;
}

export class CourseModel {
  constructor(words: Words) {
    this._words = words;
  }

  course: Course | null = null;
  situation: Situation = 'loading';
  error = '';
  changes: Change[] = [];

  /** Emitted when anything in here is another than before. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted with the exercises that stand otherwise than before. */
  get checked(): ISignal<this, Exercise[]> {
    return this._checked;
  }

  get here(): Here | null {
    return this._here;
  }

  set here(here: Here | null) {
    if (JSON.stringify(here) !== JSON.stringify(this._here)) {
      this._here = here;
      this.tell();
    }
  }

  get words(): Words {
    return this._words;
  }

  set words(words: Words) {
    this._words = words;
    this.tell();
  }

  get offerTour(): boolean {
    return this._offerTour;
  }

  set offerTour(offer: boolean) {
    this._offerTour = offer;
    this.tell();
  }

  /** How an exercise stands; null where the server has not told. */
  exercise(id: string): Exercise | null {
    return exerciseNamed(this.course, id);
  }

  /** Ask the server; who asks while an answer is on its way gets the next one. */
  refresh(): Promise<void> {
    if (this._asking && this._next) {
      return this._next;
    }
    if (this._asking) {
      this._next = this._asking.then(() => this.refresh());
      return this._next;
    }
    this._asking = this._ask().finally(() => {
      this._asking = this._next = null;
    });
    return this._asking;
  }

  /** Take over an answer. */
  take(course: Course): void {
    const changed = changedSince(this.course, course);
    this.course = course;
    this.situation = 'ready';
    this.error = '';
    this.tell();
    if (changed.length) {
      this._checked.emit(changed);
    }
  }

  tell(): void {
    this._changed.emit();
  }

  private async _ask(): Promise<void> {
    try {
      this.take(await ask<Course>('course'));
    } catch (error) {
      this.error = (error as Error).message;
      this.situation = error instanceof NoServerPart ? 'no-server' : error instanceof NoAnswer ? 'no-answer' : 'error';
      this.tell();
    }
  }

  private _words: Words;
  private _here: Here | null = null;
  private _offerTour = false;
  private _asking: Promise<void> | null = null;
  private _next: Promise<void> | null = null;
  private _changed = new Signal<this, void>(this);
  private _checked = new Signal<this, Exercise[]>(this);
}
