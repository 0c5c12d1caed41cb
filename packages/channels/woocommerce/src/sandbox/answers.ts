/** A request as the routes see it: signed in, its body read. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
};

export type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

/** An error as WordPress words it. Thrown by a route, or answered. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly code: string;
  readonly status: number;
  readonly data: unknown;

  constructor(status: number, code: string, message: string, data: unknown = { status }) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
  }

  answer(): Answer {
    return { status: this.status, body: { code: this.code, message: this.message, data: this.data } };
  }
}

export function invalidParameter(name: string, why: string): RestError {
  return new RestError(400, 'rest_invalid_param', `Invalid parameter(s): ${name}`, { status: 400, params: { [name]: why } });
}

/** A whole number among the parameters. Throws as WordPress refuses it. */
export function whole(
  query: URLSearchParams,
  name: string,
  given: { readonly least: number; readonly most?: number; readonly otherwise: number },
): number {
  const text = query.get(name);
  if (text === null) return given.otherwise;
  const number = Number(text);
  const most = given.most ?? Number.MAX_SAFE_INTEGER;
  if (!Number.isInteger(number)) throw invalidParameter(name, `${name} is not of type integer.`);
  if (number < given.least || number > most)
    throw invalidParameter(name, `${name} must be between ${given.least} (inclusive) and ${most} (inclusive)`);
  return number;
}

export function oneOf(query: URLSearchParams, name: string, allowed: readonly string[], otherwise: string): string {
  const value = query.get(name) ?? otherwise;
  if (!allowed.includes(value)) throw invalidParameter(name, `${name} is not one of ${allowed.join(', ')}.`);
  return value;
}

/** Whole numbers with commas between; null where the parameter is not given. */
export function idsOf(query: URLSearchParams, name: string): ReadonlySet<number> | null {
  const text = query.get(name);
  if (text === null) return null;
  const ids = text.split(',').map(Number);
  if (!ids.every(Number.isInteger)) throw invalidParameter(name, `${name}[0] is not of type integer.`);
  return new Set(ids);
}

/** A part of a list, with WordPress's headers. `offset` overrides `page`. */
export function paged<Item>(asked: Asked, all: readonly Item[], viewed: (item: Item) => object): Answer {
  const perPage = whole(asked.query, 'per_page', { least: 1, most: 100, otherwise: 10 });
  const page = whole(asked.query, 'page', { least: 1, otherwise: 1 });
  const offset = asked.query.has('offset') ? whole(asked.query, 'offset', { least: 0, otherwise: 0 }) : (page - 1) * perPage;
  return {
    status: 200,
    body: all.slice(offset, offset + perPage).map((item) => withFields(asked, viewed(item))),
    headers: { 'x-wp-total': String(all.length), 'x-wp-totalpages': String(Math.ceil(all.length / perPage)) },
  };
}

/** Only the fields that `_fields` names, all where it is not given. */
export function withFields(asked: Asked, view: object): object {
  const names = asked.query.get('_fields')?.split(',');
  return names === undefined ? view : Object.fromEntries(Object.entries(view).filter(([name]) => names.includes(name)));
}

/** `meta_data` of a request: what stands there as key and value, in order. */
export function metaIn(body: Readonly<Record<string, unknown>>): readonly { readonly key: string; readonly value: unknown }[] {
  const { meta_data } = body;
  if (meta_data === undefined) return [];
  if (!Array.isArray(meta_data)) throw invalidParameter('meta_data', 'meta_data is not of type array.');
  return meta_data.map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry['key'] !== 'string') throw invalidParameter('meta_data', 'meta_data[0] is not of type object.');
    return { key: entry['key'], value: entry['value'] };
  });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text or number as text; empty for anything else. */
export function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
