/** Questions to the server part. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** The server refused, in a sentence of its own. */
export class Refused extends Error {}

/** There is no server part. */
export class NoServerPart extends Error {}

/** The server does not answer at all. */
export class NoAnswer extends Error {}

/** Ask; `body` makes it a POST. */
export async function ask<T>(what: string, body?: object): Promise<T> {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(settings.baseUrl, 'mmteach', what);
  const init = body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
  } catch (error) {
    throw new NoAnswer(String(error));
  }
  const answer = await read(response);
  if (response.ok && answer !== null) {
    return answer as T;
  }
  const sentence = (answer as { message?: string } | null)?.message;
  // JupyterLab's server answers an unknown address with JSON of its own, in which there is a reason but no sentence.
  if (response.status === 404 && (!sentence || sentence === 'Not Found')) {
    throw new NoServerPart(url);
  }
  throw new Refused(sentence ?? `${what}: ${response.status} ${response.statusText}`);
}

async function read(response: Response): Promise<object | null> {
  try {
    return (await response.json()) as object;
  } catch {
    return null;
  }
}
