import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import {
  execute,
  getNamedType,
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
} from 'graphql';
import type { Outcome } from './fulfilment.ts';
import { wholeList } from './paging.ts';
import { sandboxSchema } from './schema.ts';
import { later, nextId, now, type BulkOperationState, type ShopState, type UserErrorState } from './state.ts';

/** Bulk queries of one app that may run at once, since 2026-01. */
const mostRunning = 5;
/** Connections in one bulk query, and how deep they may be nested below the first. */
const mostConnections = 5;
const deepest = 2;
const sevenDaysMs = 7 * 86_400_000;

/** Starts a bulk query. What it reads is how the shop is now; the file can be had when `takes.bulkMs` have passed, for seven days. */
export function startBulkQuery(
  state: ShopState,
  rootValue: unknown,
  given: { readonly query: string; readonly groupObjects: boolean },
): Outcome<BulkOperationState> {
  const running = [...state.bulkOperations.values()].filter((one) => one.doneAt > state.clock.now());
  if (running.length >= mostRunning) return refused('LIMIT_REACHED', 'Bulk operations limit reached. Please try again later.');
  const read = readQuery(given.query);
  if (typeof read === 'string') return refused('INVALID', read);
  const result = execute({ schema: sandboxSchema, document: read, rootValue });
  if (result instanceof Promise) return refused('INVALID', 'The sandbox cannot run this query in bulk.');
  if (result.errors !== undefined) return refused('INVALID', result.errors.map(({ message }) => message).join(' '));
  const roots = Object.values(result.data ?? {}).flatMap(rowsOf);
  const made: BulkOperationState = {
    id: nextId(state, 'BulkOperation'),
    query: given.query,
    createdAt: now(state),
    runsAt: later(state, state.takes.bulkMs / 4),
    doneAt: later(state, state.takes.bulkMs),
    expiresAt: later(state, state.takes.bulkMs + sevenDaysMs),
    result: { lines: linesOf(roots, given.groupObjects), roots: roots.length },
  };
  state.bulkOperations.set(made.id, made);
  return { result: made, userErrors: [] };
}

/** Serves the files of bulk operations, at an origin of its own: whoever has the address needs no token, and a token that is sent there has leaked. */
export function bulkStorage(state: ShopState): SandboxApp {
  return (request) => {
    const id = /^\/bulk-(\d+)\.jsonl$/.exec(new URL(request.url).pathname)?.[1];
    const one = id === undefined ? undefined : state.bulkOperations.get(Number(id));
    if (request.headers.has('x-shopify-access-token')) return Promise.resolve(new Response('token sent to storage', { status: 400 }));
    if (one === undefined || one.doneAt > state.clock.now()) return Promise.resolve(new Response('', { status: 404 }));
    if (one.expiresAt <= state.clock.now()) return Promise.resolve(new Response('expired', { status: 403 }));
    return Promise.resolve(new Response(`${one.result.lines.join('\n')}\n`, { headers: { 'content-type': 'application/jsonl' } }));
  };
}

/** The query with every connection read whole, or why it cannot be run in bulk. */
function readQuery(query: string): DocumentNode | string {
  try {
    const document = parse(query);
    const [error] = validate(sandboxSchema, document);
    if (error !== undefined) return error.message;
    const operation = getOperationAST(document);
    if (operation == null || operation.operation !== OperationTypeNode.QUERY) return 'Bulk query must be a single query operation.';
    if ((operation.variableDefinitions ?? []).length > 0) return 'Bulk queries cannot use variables.';
    if (operation.selectionSet.selections.length !== 1) return 'Bulk queries can have a single top-level field.';
    return wholeLists(document);
  } catch (error) {
    return error instanceof GraphQLError ? error.message : 'unreadable';
  }
}

function wholeLists(document: DocumentNode): DocumentNode | string {
  const types = new TypeInfo(sandboxSchema);
  let connections = 0;
  let depth = 0;
  let problem: string | null = null;
  const whole = visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter(field) {
          const type = types.getType();
          if (type == null || !getNamedType(type).name.endsWith('Connection')) return undefined;
          connections += 1;
          depth += 1;
          if (depth > deepest + 1) problem = `Queries cannot have connections nested more than ${deepest} levels deep.`;
          const others = (field.arguments ?? []).filter(({ name }) => !['first', 'last', 'after', 'before'].includes(name.value));
          const first = {
            kind: Kind.ARGUMENT,
            name: { kind: Kind.NAME, value: 'first' },
            value: { kind: Kind.INT, value: String(wholeList) },
          } as const;
          return { ...field, arguments: [...others, first] };
        },
        leave() {
          const type = types.getType();
          if (type != null && getNamedType(type).name.endsWith('Connection')) depth -= 1;
          return undefined;
        },
      },
    }),
  );
  if (connections === 0) return 'Bulk queries must contain at least one connection.';
  if (connections > mostConnections) return `Bulk queries cannot contain more than ${mostConnections} connections.`;
  return problem ?? whole;
}

/** The file: an object a line, those of an inner connection apart from their parent and with its id. They follow it at once, or, not grouped, after all others. */
function linesOf(roots: readonly object[], grouped: boolean): string[] {
  const lines: string[] = [];
  const behind: string[] = [];
  for (const root of roots) write(root, null, lines);
  return [...lines, ...behind];

  function write(row: object, parentId: string | null, into: string[]): void {
    const own = Object.entries(row).filter(([, value]) => !isConnection(value));
    into.push(JSON.stringify({ ...Object.fromEntries(own), ...(parentId === null ? {} : { __parentId: parentId }) }));
    const id: unknown = Reflect.get(row, 'id');
    for (const value of Object.values(row)) {
      if (!isConnection(value)) continue;
      for (const inner of rowsOf(value)) write(inner, String(id), grouped ? into : behind);
    }
  }
}

function isConnection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('edges' in value || 'nodes' in value);
}

function rowsOf(connection: unknown): object[] {
  if (typeof connection !== 'object' || connection === null) return [];
  const nodes: unknown = Reflect.get(connection, 'nodes');
  if (Array.isArray(nodes)) return nodes.filter((node) => typeof node === 'object' && node !== null);
  const edges: unknown = Reflect.get(connection, 'edges');
  return Array.isArray(edges) ? edges.flatMap((edge: object) => Reflect.get(edge, 'node') ?? []) : [];
}

function refused(code: string, message: string): { result: null; userErrors: readonly UserErrorState[] } {
  return { result: null, userErrors: [{ field: ['query'], message, code }] };
}
