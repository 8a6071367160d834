/** The engine in the notebook's kernel, asked from the bar under an exercise. */
import { ISessionContext } from '@jupyterlab/apputils';
import { OutputArea } from '@jupyterlab/outputarea';

/** Code that calls a method of an exercise; the object stays, so that the second hint follows the first. */
export function call(id: string, method: string): string {
  const name = JSON.stringify(id);
  const made = `__import__("mmteach.exercises", fromlist=["exercise"]).exercise(${name})`;
  return `globals().setdefault("_mmteach_bar", {}).setdefault(${name}, ${made}).${method}`;
}

/** Run code and show what comes in an output area; nothing is counted or kept in the notebook. */
export async function show(context: ISessionContext, area: OutputArea, code: string): Promise<boolean> {
  await context.ready;
  const kernel = context.session?.kernel;
  if (!kernel) {
    return false;
  }
  const future = kernel.requestExecute({ code, store_history: false, allow_stdin: false });
  area.model.clear();
  area.future = future;
  await future.done;
  return true;
}

/** Whether no cell has told the kernel of exercises yet: after a start, or a restart. */
export async function isFresh(context: ISessionContext): Promise<boolean> {
  await context.ready;
  const kernel = context.session?.kernel;
  if (!kernel) {
    return false;
  }
  const question = { known: "'exercise' in globals()" };
  const future = kernel.requestExecute({ code: '', silent: true, store_history: false, user_expressions: question });
  const reply = await future.done;
  const content = reply.content as { user_expressions?: { known?: { data?: Record<string, unknown> } } };
  return content.user_expressions?.known?.data?.['text/plain'] === 'False';
}
