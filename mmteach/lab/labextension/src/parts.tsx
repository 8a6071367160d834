/** Small pieces of the panel. */
import * as React from 'react';
import { percent } from './course.js';
import { Notice, Words } from './notices.js';

export type Run = (command: string, args?: Record<string, string>) => void;

const AROUND = 2 * Math.PI * 15;

/** A ring that fills with the points reached; the words beside it say the same. */
export function Ring(props: { points: number; outOf: number; words: Words }): React.ReactElement {
  const { points, outOf, words } = props;
  const share = percent(points, outOf);
  return (
    <div className="mmteach-overall">
      <svg className="mmteach-ring" viewBox="0 0 36 36" aria-hidden="true" focusable="false">
        <circle className="mmteach-ring-track" cx="18" cy="18" r="15" />
        <circle
          className="mmteach-ring-share"
          cx="18"
          cy="18"
          r="15"
          strokeDasharray={`${(AROUND * share) / 100} ${AROUND}`}
        />
      </svg>
      <div
        role="progressbar"
        aria-label={words.__('Points of the course')}
        aria-valuemin={0}
        aria-valuemax={Math.max(outOf, 1)}
        aria-valuenow={points}
        aria-valuetext={words.__('%1 of %2 points', points, outOf)}
      >
        <strong>{share} %</strong> {words.__('%1 of %2 points', points, outOf)}
      </div>
    </div>
  );
}

/** What there is to say, each with its button. */
export function Notices(props: { all: Notice[]; run: Run }): React.ReactElement {
  return (
    <div className="mmteach-notices" role="status">
      {props.all.map(({ kind, text, action }) => (
        <div key={text} className={`mmteach-notice mmteach-mod-${kind}`}>
          <p>
            <span aria-hidden="true">{kind === 'warning' ? '⚠ ' : 'ℹ '}</span>
            {text}
          </p>
          {action && (
            <button className="mmteach-button" onClick={() => props.run(action.command)}>
              {action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

/** One line of a list: sign, title, how it stands. */
export function Line(props: {
  sign: string;
  state: string;
  title: string;
  below: string;
  current?: boolean;
  disabled?: boolean;
  onClick: () => void;
}): React.ReactElement {
  return (
    <li>
      <button
        className="mmteach-line"
        data-state={props.state}
        aria-current={props.current ? 'true' : undefined}
        disabled={props.disabled}
        onClick={props.onClick}
      >
        <span className="mmteach-sign" aria-hidden="true">
          {props.sign}
        </span>
        <span className="mmteach-title">{props.title}</span>
        <span className="mmteach-below">{props.below}</span>
      </button>
    </li>
  );
}
