import { z } from 'zod';
import { curatedOf } from '../models/curated-of.ts';

/** Fields by model that went over the wire. */
export type RecordedFields = ReadonlyMap<string, ReadonlySet<string>>;

/** A `fetch` that notes every field that is asked for, searched by, written or imported, over JSON-RPC and JSON-2. Relations are followed by the models of the version. */
export function recordingFetch(version: number, through: typeof fetch): { readonly fetch: typeof fetch; readonly fields: RecordedFields } {
  const fields = new Map<string, Set<string>>();
  const models = curatedOf(version) ?? {};

  function note(model: string, name: string): string {
    if (name !== '' && name !== 'id' && name !== '.id') {
      const known = fields.get(model);
      if (known === undefined) fields.set(model, new Set([name]));
      else known.add(name);
    }
    return models[model]?.[name]?.relation ?? '';
  }

  function notePath(model: string, path: string, separator: string): void {
    let at = model;
    for (const part of path.split(separator)) at = note(at, part);
  }

  function noteValues(model: string, values: unknown): void {
    for (const [name, value] of Object.entries(recordOf(values))) {
      const relation = note(model, name);
      for (const command of Array.isArray(value) ? value : [])
        if (Array.isArray(command) && (command[0] === 0 || command[0] === 1)) noteValues(relation, command[2]);
    }
  }

  function noteSpecification(model: string, specification: unknown): void {
    for (const [name, inner] of Object.entries(recordOf(specification))) noteSpecification(note(model, name), recordOf(inner)['fields']);
  }

  function noteCall({ model, method, args }: WireCall): void {
    for (const term of listOf(args['domain'])) if (Array.isArray(term) && typeof term[0] === 'string') notePath(model, term[0], '.');
    if (method === 'load') for (const path of listOf(args['fields'])) notePath(model, String(path), '/');
    if (method === 'read' || method === 'search_read') for (const name of listOf(args['fields'])) note(model, String(name));
    if (method === 'web_read') noteSpecification(model, args['specification']);
    if (method === 'write') noteValues(model, args['vals']);
    if (method === 'create') for (const values of listOf(args['vals_list'])) noteValues(model, values);
  }

  return {
    fields,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const call = request.method === 'POST' ? wireCall(new URL(request.url).pathname, await request.clone().text()) : null;
      if (call !== null) noteCall(call);
      return through(request);
    },
  };
}

type WireCall = { readonly model: string; readonly method: string; readonly args: Readonly<Record<string, unknown>> };

const rpcSchema = z.object({ params: z.object({ service: z.string(), args: z.array(z.unknown()) }) });

function wireCall(path: string, text: string): WireCall | null {
  const body: unknown = JSON.parse(text);
  if (path.startsWith('/json/2/')) {
    const [model = '', method = ''] = path.split('/').slice(3).map(decodeURIComponent);
    return { model, method, args: recordOf(body) };
  }
  const { service, args } = rpcSchema.parse(body).params;
  if (service !== 'object') return null;
  const [, , , model, method, positional, named] = args;
  // The only arguments that go by position are the values: last, behind the ids.
  const values = listOf(positional).at(-1);
  return { model: String(model), method: String(method), args: { vals: values, vals_list: values, ...recordOf(named) } };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
