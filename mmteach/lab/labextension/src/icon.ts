/** A cap: it takes its colour from the theme. */
import { LabIcon } from '@jupyterlab/ui-components';

const CAP = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
<path class="jp-icon3 jp-icon-selectable" fill="currentColor"
 d="M12 3 1 9l11 6 9-4.9V17h2V9zM5 13.2v4L12 21l7-3.8v-4L12 17z"/></svg>`;

export const courseIcon = new LabIcon({ name: 'mmteach:course', svgstr: CAP });
