import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs } from '@quartermaster/domain';
import { execute, getOperationAST, GraphQLError, OperationTypeNode, parse, validate, type DocumentNode } from 'graphql';
import { z } from 'zod';
import { operationCost } from './cost.ts';
import { mutationRoot, queryRoot } from './resolvers.ts';
import { sandboxSchema } from './schema.ts';
import { catchUp, nextId, type ShopState } from './state.ts';
import type { SandboxTokens } from './tokens.ts';

export type AppOptions = {
  readonly state: ShopState;
  readonly tokens: SandboxTokens;
  readonly storageOrigin: string;
  readonly scopes: readonly string[];
  readonly maximumAvailable: number;
  readonly restoreRate: number;
};

/** Versions that the sandbox serves, oldest first. A request for an older one falls forward to the oldest, as in the real shop. */
export const servedVersions = ['2026-04', '2026-07', '2026-10'] as const;
const latestVersion = '2026-10';

/** Points that one query may cost. */
const maxQueryCost = 1_000;

/** The emulated shop's HTTP side: address, token, leaky bucket, execution. */
export function createApp(options: AppOptions): SandboxApp {
  const { state } = options;
  const bucket = createBucket(options);
  const answer = (status: number, body: unknown, version?: string) =>
    new Response(JSON.stringify(body), {
      status,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-request-id': `sandbox-${nextId(state, 'Request')}`,
        ...(version === undefined ? {} : { 'x-shopify-api-version': version }),
      },
    });

  return async (request) => {
    catchUp(state);
    if (new URL(request.url).pathname === '/admin/oauth/access_token' && request.method === 'POST') {
      const { status, body } = await options.tokens.answer(request);
      return answer(status, body);
    }
    const path = /^\/admin\/api\/([\w-]+)\/graphql\.json$/.exec(new URL(request.url).pathname);
    if (path?.[1] === undefined) return answer(404, { errors: 'Not Found' });
    if (request.method !== 'POST') return answer(405, { errors: 'Method Not Allowed' });
    if (!options.tokens.admits(request.headers.get('x-shopify-access-token'))) {
      return answer(401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' });
    }
    const version = served(path[1]);
    if (version === null) return answer(404, { errors: 'Not Found' });
    const body = bodySchema.safeParse(await readJson(request));
    if (!body.success) return answer(400, { errors: 'Bad Request' });
    const { query, variables, operationName } = body.data;
    return answer(200, await run(query, variables ?? {}, operationName ?? undefined, version), version);
  };

  async function run(query: string, variables: Readonly<Record<string, unknown>>, operationName: string | undefined, version: string) {
    const read = documentOf(query);
    if ('errors' in read) return read;
    const { document } = read;
    const operation = getOperationAST(document, operationName);
    if (operation == null) return { errors: [{ message: 'An operation name is required' }] };
    const requested = operationCost(sandboxSchema, document, operation, variables);
    if (requested > maxQueryCost) {
      return {
        errors: [
          {
            message: `Query cost is ${requested}, which exceeds the single query max cost limit (${maxQueryCost}).`,
            extensions: { code: 'MAX_COST_EXCEEDED', cost: requested, maxCost: maxQueryCost },
          },
        ],
      };
    }
    if (bucket.available() < requested) {
      return { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost: costOf(requested, null) } };
    }
    const scope = {
      state,
      apiVersion: version,
      scopes: options.scopes,
      versions: servedVersions,
      storageOrigin: options.storageOrigin,
    };
    const result = await execute({
      schema: sandboxSchema,
      document,
      operationName,
      variableValues: variables,
      rootValue: operation.operation === OperationTypeNode.MUTATION ? mutationRoot(scope) : queryRoot(scope),
    });
    const spent = Math.min(requested, operationCost(sandboxSchema, document, operation, variables, result.data ?? null));
    bucket.take(spent);
    return {
      ...(result.data === undefined ? {} : { data: result.data }),
      ...(result.errors === undefined ? {} : { errors: result.errors.map((error) => error.toJSON()) }),
      extensions: { cost: costOf(requested, spent) },
    };
  }

  function costOf(requested: number, spent: number | null) {
    return {
      requestedQueryCost: requested,
      actualQueryCost: spent,
      throttleStatus: {
        maximumAvailable: options.maximumAvailable,
        currentlyAvailable: Math.floor(bucket.available()),
        restoreRate: options.restoreRate,
      },
    };
  }
}

type ReadDocument = { readonly document: DocumentNode } | { readonly errors: readonly unknown[] };

/** Documents that were read before: reading depends on nothing but the text, and clients send few different ones. */
const knownDocuments = new Map<string, ReadDocument>();

/** Parses and checks a query. */
function documentOf(query: string): ReadDocument {
  const earlier = knownDocuments.get(query);
  if (earlier !== undefined) return earlier;
  const read = readDocument(query);
  if (knownDocuments.size >= 200) knownDocuments.clear();
  knownDocuments.set(query, read);
  return read;
}

function readDocument(query: string): ReadDocument {
  try {
    const document = parse(query);
    const errors = validate(sandboxSchema, document);
    return errors.length === 0 ? { document } : { errors: errors.map((error) => error.toJSON()) };
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error.toJSON() : { message: 'unreadable' }] };
  }
}

const bodySchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

function createBucket({ state, maximumAvailable, restoreRate }: AppOptions) {
  let points = maximumAvailable;
  let at = epochMs(state.clock.now());
  const refill = () => {
    const now = epochMs(state.clock.now());
    points = Math.min(maximumAvailable, points + (Math.max(0, now - at) / 1_000) * restoreRate);
    at = now;
  };
  return {
    available() {
      refill();
      return points;
    },
    take(spent: number) {
      refill();
      points = Math.max(0, points - spent);
    },
  };
}

function served(version: string): string | null {
  if (version === 'unstable') return latestVersion;
  if (!/^\d{4}-\d{2}$/.test(version) || version > latestVersion) return null;
  return servedVersions.find((candidate) => candidate >= version) ?? null;
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
