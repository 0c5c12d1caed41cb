import { findOrders, type Asked, type FlowWorld, type Operations, type Outcome, type Role } from '@quartermaster/flows';
import type { Context } from 'hono';
import type { z } from 'zod';
import { fieldPath } from '../config.ts';
import type { Caller } from './access.ts';
import { ProblemError, refusal } from './problem.ts';

export type Answer = (context: Context, caller: Caller) => Promise<unknown>;

/** One thing that may be asked: who may at least, and what answers it. */
export type ControlRoute = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly needs: Role;
  readonly answer: Answer;
  /** Largest body, where it is not that of all. */
  readonly maxSize?: number;
};

/** What routes are answered from. */
export type Answering = { readonly flows: FlowWorld; readonly operations: Operations };

/** A route that shows something to every viewer. */
export function see(path: string, answer: Answer): ControlRoute {
  return { method: 'GET', path, needs: 'viewer', answer };
}

/** A route by which somebody decides something. */
export function act(path: string, needs: Role, answer: Answer): ControlRoute {
  return { method: 'POST', path, needs, answer };
}

/** The answer to an operation; throws the problem of one that was refused. */
export function carriedOut(outcome: Outcome): unknown {
  if (outcome.kind === 'refused') throw refusal(outcome);
  return plain(outcome);
}

/** Who asks for an operation, and why. */
export function askedBy(caller: Caller, { requestId, reason }: { readonly requestId: string; readonly reason: string }): Asked {
  return { requestId, reason, by: caller.name, role: caller.role };
}

/** The key of the order that a path names by key, channel id or name. */
export async function orderNamed({ journal }: Pick<FlowWorld, 'journal'>, wanted: string): Promise<string> {
  const [key, ...others] = await findOrders(journal, wanted);
  if (key === undefined) throw notFound(`the journal has no order ${wanted}`);
  if (others.length > 0)
    throw new ProblemError(
      409,
      'ambiguous',
      `${wanted} is the name of several orders: ${[key, ...others].join(', ')}`,
      'Name one by its key.',
    );
  return key;
}

/** The problem of what is not there. */
export function notFound(detail: string): ProblemError {
  return new ProblemError(404, 'not-found', detail, 'Look it up first.');
}

/** What stands in the path in the place of a name. */
export function pathPart(context: Context, name: string): string {
  return context.req.param(name) ?? '';
}

/** The id in the path. */
export function numberOf(context: Context): number {
  const text = pathPart(context, 'id');
  if (!/^\d{1,15}$/.test(text)) throw notFound(`${text.slice(0, 40)} is no id`);
  return Number(text);
}

/** The query as a schema has it; throws the problem that names every wrong field. */
export function queryOf<Schema extends z.ZodType>(context: Context, schema: Schema): z.infer<Schema> {
  return parsed(schema, context.req.query());
}

/** The body likewise. */
export async function bodyOf<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.infer<Schema>> {
  if (!/^application\/json(;|$)/i.test(context.req.header('content-type') ?? ''))
    throw new ProblemError(415, 'not-json', 'the body is not declared as JSON', 'Send content-type: application/json.');
  const text = await context.req.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ProblemError(400, 'bad-json', 'the body is not JSON', 'Send a JSON object.');
  }
  return parsed(schema, json);
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const answer = schema.safeParse(value);
  if (answer.success) return answer.data;
  const lines = answer.error.issues
    .slice(0, 10)
    .map(({ path, message }) => (path.length === 0 ? message : `${fieldPath(path)}: ${message}`));
  throw new ProblemError(400, 'bad-request', lines.join('; ').slice(0, 1_000), 'Correct these fields.');
}

/** As JSON, by the way of text: what is undefined is left out. */
export function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}
