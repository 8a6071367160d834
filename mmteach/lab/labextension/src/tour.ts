/** The box of the tour: it points at parts of the page, one after another. */
import { Widget } from '@lumino/widgets';
import { Words } from './notices.js';
import { placed, Step, steps } from './tourSteps.js';

const POINTED = 'mmteach-pointed';

export class Tour extends Widget {
  constructor(words: Words) {
    super();
    this._words = words;
    this._steps = steps(words);
    this.addClass('mmteach-tour');
    this.node.setAttribute('role', 'dialog');
    this.node.setAttribute('aria-labelledby', 'mmteach-tour-title');
    this.node.setAttribute('aria-describedby', 'mmteach-tour-text');
    this.node.dataset.lmSuppressShortcuts = 'true';
    this.node.addEventListener('keydown', event => this._key(event));
    document.addEventListener('keydown', this._escape, true); // wherever the focus has gone
  }

  /** Begin; whatever had the focus gets it back at the end. */
  begin(): void {
    this._before = document.activeElement as HTMLElement | null;
    Widget.attach(this, document.body);
    this._show(0);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._point(null);
      document.removeEventListener('keydown', this._escape, true);
      super.dispose();
      const back = this._before?.isConnected && this._before !== document.body ? this._before : null;
      (back ?? document.querySelector<HTMLElement>('.mmteach-panel button'))?.focus();
    }
  }

  private _show(number: number): void {
    const step = this._steps[number];
    if (!step) {
      return this.dispose();
    }
    this._at = number;
    const words = this._words;
    const last = number === this._steps.length - 1;
    const title = element('h2', step.title, 'mmteach-tour-title');
    const text = element('p', step.text, 'mmteach-tour-text');
    const count = element('span', words.__('Step %1 of %2', number + 1, this._steps.length));
    const next = this._button(last ? words.__('Done') : words.__('Next'), () => this._show(number + 1));
    const row = element('div', '');
    row.className = 'mmteach-tour-row';
    row.append(count, ...this._ways(number, last), next);
    this.node.replaceChildren(title, text, row);
    this._stand(step);
    next.focus();
  }

  private _ways(number: number, last: boolean): HTMLElement[] {
    const back = number ? [this._button(this._words.__('Back'), () => this._show(number - 1))] : [];
    return last ? back : [this._button(this._words.__('End the tour'), () => this.dispose()), ...back];
  }

  private _button(label: string, click: () => void): HTMLButtonElement {
    const button = element('button', label) as HTMLButtonElement;
    button.className = 'mmteach-button';
    button.addEventListener('click', click);
    return button;
  }

  private _stand(step: Step): void {
    const target = step.target.map(name => document.querySelector<HTMLElement>(name)).find(found => found !== null);
    target?.scrollIntoView({ block: 'nearest' });
    this._point(target ?? null);
    const at = target?.getBoundingClientRect() ?? { left: 0, top: 0, width: 0, height: 0 };
    const box = this.node.getBoundingClientRect();
    const page = { width: window.innerWidth, height: window.innerHeight };
    const { left, top } = placed(at, box, page);
    Object.assign(this.node.style, { left: `${left}px`, top: `${top}px` });
  }

  private _point(target: HTMLElement | null): void {
    document.querySelectorAll(`.${POINTED}`).forEach(old => old.classList.remove(POINTED));
    target?.classList.add(POINTED);
  }

  private _key(event: KeyboardEvent): void {
    if (event.key === 'ArrowRight') {
      this._show(Math.min(this._at + 1, this._steps.length - 1));
    } else if (event.key === 'ArrowLeft') {
      this._show(Math.max(this._at - 1, 0));
    } else {
      return;
    }
    event.stopPropagation();
    event.preventDefault();
  }

  private _escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      this.dispose();
      event.stopPropagation();
    }
  };

  private _words: Words;
  private _steps: Step[];
  private _at = 0;
  private _before: HTMLElement | null = null;
}

function element(name: string, text: string, id?: string): HTMLElement {
  const made = Object.assign(document.createElement(name), { textContent: text });
  if (id) {
    made.id = id;
  }
  return made;
}
