import { CutwaterError, messageOf } from '../errors.ts';

/** For a provider whose library tells the HTTP status so: work on the object called `name`, with errors of ours, whose code says whether another try may help. */
export function translator(statusOf: (error: unknown) => number) {
  return async function translated<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new CutwaterError(codeOf(statusOf(error)), `${name}: ${messageOf(error)}`, { cause: error });
    }
  };
}

function codeOf(status: number) {
  if (status === 404) return 'not-found';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 401 || status === 403) return 'forbidden';
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'invalid' : 'transient';
}
