/** The plugins of mmteach: each does one thing. */
import { course } from './plugins/course';
import { doors } from './plugins/doors';
import { exercises } from './plugins/exercises';
import { order } from './plugins/order';
import { panel } from './plugins/panel';
import { tour } from './plugins/tour';
import { updates } from './plugins/updates';
import { ways } from './plugins/ways';

export default [course, order, panel, ways, exercises, updates, tour, doors];
