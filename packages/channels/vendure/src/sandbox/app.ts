import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs } from '@quartermaster/domain';
import { execute, getOperationAST, GraphQLError, OperationTypeNode, parse, validate, type DocumentNode } from 'graphql';
import { z } from 'zod';
import { listed, type ListOptions } from './list.ts';
import { mutationRoot } from './mutations.ts';
import { sandboxSchema } from './schema.ts';
import type { ShopState } from './state.ts';
import { orderView, variantView } from './views.ts';

/** The shop's Admin API over HTTP: address, token, execution. */
export function createApp(state: ShopState, token: string, tokenMethod: 'api-key' | 'bearer'): SandboxApp {
  return async (request) => {
    if (new URL(request.url).pathname !== '/admin-api') return answer(404, { message: 'Cannot POST' });
    const shown =
      tokenMethod === 'bearer' ? request.headers.get('authorization')?.replace(/^bearer\s+/i, '') : request.headers.get('vendure-api-key');
    const body = bodySchema.safeParse(await readJson(request));
    if (!body.success)
      return answer(400, { errors: [error('POST body missing, invalid Content-Type, or JSON object has no keys.', 'BAD_REQUEST')] });
    const read = readDocument(body.data.query);
    if ('errors' in read) return answer(400, read);
    const operation = getOperationAST(read.document);
    const root = operation?.operation === OperationTypeNode.MUTATION ? mutationRoot(state) : queryRoot(state);
    const result = await execute({
      schema: sandboxSchema,
      document: read.document,
      variableValues: body.data.variables ?? {},
      rootValue: shown === token ? root : forbidden(root),
    });
    const errors = result.errors?.map((one) => one.toJSON());
    return answer(200, { ...(errors === undefined ? {} : { errors }), data: result.data ?? null });
  };
}

function queryRoot(state: ShopState) {
  return {
    activeChannel: () => ({ code: '__default_channel__', pricesIncludeTax: state.pricesIncludeTax }),
    globalSettings: () => ({ serverConfig: { moneyStrategyPrecision: state.precision } }),
    order({ id }: { id: string }) {
      const order = state.orders.get(id);
      return order === undefined ? null : orderView(state, order);
    },
    orders({ options }: { options?: ListOptions | null }) {
      const timeOf = (at: string | null) => (at === null ? null : epochMs(at));
      const list = listed(
        state.orders.values(),
        ({ id, type, active, orderPlacedAt, updatedAt }) => ({
          id,
          type,
          active,
          orderPlacedAt: timeOf(orderPlacedAt),
          updatedAt: timeOf(updatedAt),
        }),
        options,
      );
      return { ...list, items: list.items.map((order) => orderView(state, order)) };
    },
    productVariants({ options }: { options?: ListOptions | null }) {
      const list = listed(state.variants.values(), ({ id, sku, createdAt }) => ({ id, sku, createdAt: epochMs(createdAt) }), options);
      return { ...list, items: list.items.map(variantView) };
    },
    fulfillmentHandlers: () => [{ code: 'manual-fulfillment' }],
    stockLocations: () => ({ items: [...state.locations].map(([id, name]) => ({ id, name })), totalItems: state.locations.size }),
  };
}

/** A token that nobody knows is no error of HTTP: each field is refused. */
function forbidden(root: Readonly<Record<string, unknown>>): Record<string, () => never> {
  return Object.fromEntries(
    Object.keys(root).map((field) => [
      field,
      () => {
        throw new GraphQLError('You are not currently authorized to perform this action', { extensions: { code: 'FORBIDDEN' } });
      },
    ]),
  );
}

const bodySchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

type ReadDocument = { readonly document: DocumentNode } | { readonly errors: readonly unknown[] };

function readDocument(query: string): ReadDocument {
  try {
    const document = parse(query);
    const [first] = validate(sandboxSchema, document);
    return first === undefined ? { document } : { errors: [error(first.message, 'GRAPHQL_VALIDATION_FAILED')] };
  } catch (thrown) {
    return { errors: [error(thrown instanceof GraphQLError ? thrown.message : 'unreadable', 'GRAPHQL_PARSE_FAILED')] };
  }
}

function error(message: string, code: string) {
  return { message, extensions: { code } };
}

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json; charset=utf-8' } });
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
