/** Something that GitHub would refuse: the HTTP status, GitHub's message, and the entries of `errors` where it has some. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly (Record<string, unknown> | string)[];

  constructor(status: number, message: string, errors: readonly (Record<string, unknown> | string)[] = []) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** GitHub's 422 about one field. `code` is GitHub's: missing, missing_field, invalid, already_exists, unprocessable, custom. */
export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  return new Refusal(422, 'Validation Failed', [{ resource, field, code, ...(message ? { message } : {}) }]);
}
