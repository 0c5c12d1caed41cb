import { z } from 'zod';
import { accessError, PythonError, userError } from './errors.ts';
import { bind, methodOf } from './methods.ts';
import { demandRight } from './rights.ts';
import type { Context, World } from './world.ts';

/** Who may come in. */
export type Door = { readonly database: string; readonly users: readonly DoorUser[] };

export type DoorUser = {
  readonly id: number;
  readonly login: string;
  /** Password and API key in one. */
  readonly secret: string;
  /** Whether the user may do everything, or what Sales and Inventory allow. */
  readonly administrator: boolean;
};

/** Answers `/jsonrpc`: always status 200, an exception in the body, no `result` where Python returns None. */
export function jsonRpc(world: World, door: Door, text: string): Response {
  const body = rpcSchema.parse(JSON.parse(text));
  const head = { jsonrpc: '2.0', id: body.id ?? null };
  try {
    return Response.json({ ...head, result: serve(world, door, body.params) });
  } catch (error) {
    const data = exceptionBody(error);
    return Response.json({ ...head, error: { code: world.version === 19 ? 0 : 200, message: 'Odoo Server Error', data } });
  }
}

/** Answers `/json/2/<model>/<method>` of Odoo 19: the value itself, or an exception with a status. */
export function json2(
  world: World,
  door: Door,
  request: { readonly path: string; readonly headers: Headers; readonly text: string },
): Response {
  // A server with one database needs no header.
  if ((request.headers.get('x-odoo-database') ?? door.database) !== door.database) return htmlPage(404);
  if (!/^application\/json\b/.test(request.headers.get('content-type') ?? '')) return htmlPage(415);
  const [model = '', name = ''] = request.path.split('/').slice(3).map(decodeURIComponent);
  try {
    const user = door.users.find((each) => request.headers.get('authorization') === `bearer ${each.secret}`);
    if (user === undefined) throw new PythonError('werkzeug.exceptions.Unauthorized', 'Invalid apikey');
    const { ids, context, ...args } = json2Arguments(request.text);
    if (world.db.schema[model] === undefined) throw new PythonError('werkzeug.exceptions.NotFound', `the model '${model}' does not exist`);
    const method = methodOf(world, model, name);
    if (!method.onRecords && ids !== undefined && ids.length > 0) throw unprocessable(`cannot call ${model}.${name} with ids`);
    const missing = method.required?.find((parameter) => !(parameter in args));
    if (missing !== undefined) throw unprocessable(`missing a required argument: '${missing}'`);
    const value = execute(seenBy(world, user), model, name, method.onRecords ? [ids ?? []] : [], args, context ?? {});
    return Response.json(name === 'create' && typeof value === 'number' ? [value] : (value ?? null));
  } catch (error) {
    const body = exceptionBody(error);
    return Response.json(body, { status: statusOf(body) });
  }
}

/** A body that is JSON but no object is taken for no arguments. */
function json2Arguments(text: string): z.infer<typeof json2Schema> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new PythonError('werkzeug.exceptions.BadRequest', 'could not parse the body as json: Expecting value: line 1 column 1 (char 0)');
  }
  return json2Schema.parse(Array.isArray(body) ? {} : body);
}

function unprocessable(message: string): PythonError {
  return new PythonError('werkzeug.exceptions.UnprocessableEntity', message);
}

export function htmlPage(status: number): Response {
  const title = status === 415 ? 'Unsupported Media Type' : 'Not Found';
  return new Response(`<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}

const rpcSchema = z.object({
  id: z.unknown().optional(),
  params: z.object({ service: z.string(), method: z.string(), args: z.array(z.unknown()) }),
});

const json2Schema = z.looseObject({ ids: z.array(z.int()).optional(), context: z.record(z.string(), z.unknown()).optional() });

/** Runs a call of a service, as JSON-RPC and XML-RPC bring it. `undefined` is None. */
export function serve(
  world: World,
  door: Door,
  call: { readonly service: string; readonly method: string; readonly args: readonly unknown[] },
): unknown {
  if (call.service === 'common' && call.method === 'version') {
    const { version } = world;
    return {
      server_version: `${version}.0`,
      server_version_info: [version, 0, 0, 'final', 0, ''],
      server_serie: `${version}.0`,
      protocol_version: 1,
    };
  }
  const [database, ...rest] = call.args;
  if (database !== door.database) {
    throw new PythonError(
      'psycopg2.OperationalError',
      `connection to server failed: FATAL:  database "${String(database)}" does not exist\n`,
    );
  }
  if (call.service === 'common' && call.method === 'authenticate') {
    const [login, secret] = rest;
    return door.users.find((user) => login === user.login && secret === user.secret)?.id ?? false;
  }
  const [uid, secret, model, name, positional, keywords] = rest;
  const user = door.users.find((each) => uid === each.id && secret === each.secret);
  if (user === undefined) throw new PythonError('odoo.exceptions.AccessDenied', 'Access Denied');
  const { context, ...named } = keywordsSchema.parse(keywords ?? {});
  return execute(seenBy(world, user), String(model), String(name), Array.isArray(positional) ? positional : [], named, context ?? {});
}

const keywordsSchema = z.looseObject({ context: z.record(z.string(), z.unknown()).optional() });

/** The same world for another user: rights and defaults are those of who calls. */
function seenBy(world: World, user: DoorUser): World {
  return { ...world, userId: user.id, administrator: user.administrator };
}

/** One call is one transaction. */
function execute(
  world: World,
  model: string,
  name: string,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
  context: Context,
): unknown {
  const method = methodOf(world, model, name);
  if (method.right !== undefined) {
    demandContext(world, context);
    demandRight(world, model, method.right);
  }
  const { ids, args } = bind(model, name, method, positional, named);
  return world.db.atomically(() => method.run(world, { model, method: name, ids, args, context }));
}

/** Refuses a language and a company that are not there, as Odoo does once it needs them; 17 ignores the language. */
function demandContext(world: World, { lang, allowed_company_ids: companies }: Context): void {
  const isKnown = typeof lang !== 'string' || (world.db.lookUp('res.lang', 'code', lang)?.length ?? 0) > 0;
  if (!isKnown && world.version >= 18) throw userError(`Invalid language code: ${lang}`);
  if (Array.isArray(companies) && companies.some((id) => typeof id !== 'number' || world.db.get('res.company', id) === undefined))
    throw accessError('Access to unauthorized or invalid companies.');
}

type ExceptionBody = {
  readonly name: string;
  readonly message: string;
  readonly arguments: readonly unknown[];
  readonly context: object;
  readonly debug: string;
};

function exceptionBody(error: unknown): ExceptionBody {
  const name = error instanceof PythonError ? error.name : 'builtins.RuntimeError';
  const message = error instanceof Error ? error.message : String(error);
  const debug = `Traceback (most recent call last):\n  File "/opt/odoo/odoo/http.py", line 1788, in _serve_db\n${name}: ${message}`;
  return { name, message, arguments: [message], context: {}, debug };
}

const statuses: Readonly<Record<string, number>> = {
  'odoo.exceptions.UserError': 422,
  'odoo.exceptions.ValidationError': 422,
  'odoo.exceptions.MissingError': 404,
  'odoo.exceptions.AccessError': 403,
  'werkzeug.exceptions.Unauthorized': 401,
  'werkzeug.exceptions.NotFound': 404,
  'werkzeug.exceptions.UnprocessableEntity': 422,
  'werkzeug.exceptions.BadRequest': 400,
  'builtins.AttributeError': 404,
};

function statusOf(body: ExceptionBody): number {
  return statuses[body.name] ?? 500;
}
