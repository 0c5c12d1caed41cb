import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import {
  buildSchema,
  coerceInputValue,
  isEnumType,
  isInputObjectType,
  isInputType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
  parse,
  validate,
  typeFromAST,
  visit,
  type GraphQLSchema,
} from 'graphql';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as documents from './documents.ts';
import { sandboxSchema } from './sandbox/schema.ts';
import { givenStockedShop } from './testing/shop.ts';

const file = new URL('../../../../../shared/specs/vendure/admin-api-3.7.3.graphql', import.meta.url);
const absent = !existsSync(file);
const reason = absent ? ' (skipped: the published schema of ../shared is not here)' : '';

/** What the schema as it was published leaves out: fields that Vendure marks as gone, and whose columns must be filled all the same. */
const unpublished = ['RefundOrderInput.lines', 'RefundOrderInput.shipping', 'RefundOrderInput.adjustment'];

test.skipIf(absent)(`every document of ours is valid against Vendure's published schema${reason}`, () => {
  const schema = publishedSchema();
  const errors = Object.entries(documents).flatMap(([name, text]) =>
    validate(schema, parse(text)).map((error) => `${name}: ${error.message}`),
  );
  expect(errors).toEqual([]);
});

test.skipIf(absent)(`the sandbox's schema is a part of the published one${reason}`, () => {
  expect(differences(sandboxSchema, publishedSchema())).toEqual(unpublished.map((field) => `${field} is undefined`));
});

test.skipIf(absent)(`whatever we send is what the published schema takes${reason}`, async () => {
  const requests = await everyRequest();
  expect(new Set(requests.map(({ query }) => query))).toEqual(new Set(Object.values(documents)));
  const schema = publishedSchema();
  const errors = requests.flatMap((request) => wrongVariables(schema, request));
  expect(new Set(errors)).toEqual(
    new Set(unpublished.map((field) => `Field "${field.split('.')[1]}" is not defined by type "RefundOrderInput".`)),
  );
});

type Sent = { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };

/** Makes the channel do all that it can, and keeps what it says to the shop. */
async function everyRequest(): Promise<Sent[]> {
  const sent: Sent[] = [];
  const schema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) });
  const fetching: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push(schema.parse(await request.clone().json()));
    return shop.app(request);
  };
  const { shop, channel, clock } = givenStockedShop({}, { fetch: fetching });
  const tax = { minor: 0, currency: 'EUR' };
  await channel.probe();
  const orderId = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 3 }], payment: 'Authorized' });
  for (let nth = 0; nth < 101; nth++) {
    shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
    shop.addVariant({ sku: `SKU-${nth}`, name: 'Thing', price: 1, stock: {} });
  }
  for await (const page of channel.pullOrders(channel.cursorAt('2026-01-01T00:00:00.000Z'))) expect(page.orders.length).toBeGreaterThan(0);
  for await (const page of channel.listings?.() ?? []) expect(page.length).toBeGreaterThan(0);
  for await (const page of channel.standings({ orders: [orderId] })) expect(page).toHaveLength(1);
  const [line] = (await channel.getOrder(orderId))?.order.lines ?? [];
  const lineId = line?.id ?? '';
  await channel.acknowledgement?.make({ orderId, ourRef: 'S00042' }, intentMemo());
  await channel.capture?.make({ orderId, amount: { minor: 3870, currency: 'EUR' } }, intentMemo());
  await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 7, expected: null }], intentMemo());
  const parcel = { carrier: 'ups', trackingNumbers: ['1Z1'], trackingUrl: null, shippedAt: clock.now(), notifyCustomer: false };
  await channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId, units: 1 }], ...parcel }, intentMemo());
  const about = { reason: 'customer', restock: false, notifyCustomer: false } as const;
  await channel.cancellation?.make({ orderId, lines: [{ lineId, units: 1 }], ...about }, intentMemo('one'));
  await channel.cancellation?.make({ orderId, lines: null, ...about }, intentMemo('two'));
  const lines = [{ lineId, units: 1, amount: { minor: 1290, currency: 'EUR' }, tax }];
  const refund = { orderId, refundId: 'r-1', lines, shipping: null, adjustment: null, reason: 'damaged', note: null } as const;
  await channel.refund?.make({ ...refund, restockAt: null, notifyCustomer: false }, intentMemo());
  return sent;
}

/** What the schema says against the variables of a request. */
function wrongVariables(schema: GraphQLSchema, { query, variables }: Sent): string[] {
  const errors: string[] = [];
  visit(parse(query), {
    VariableDefinition({ variable, type: node }) {
      const type = typeFromAST(schema, node);
      if (!isInputType(type)) errors.push(`${variable.name.value} is no input`);
      else coerceInputValue(variables[variable.name.value], type, (_path, _value, error) => errors.push(error.message));
    },
  });
  return errors;
}

function publishedSchema(): GraphQLSchema {
  return buildSchema(readFileSync(file, 'utf8'));
}

/** Everything in a schema that another one lacks or has otherwise. Codes that are enums there are plain text in the sandbox. */
function differences(part: GraphQLSchema, whole: GraphQLSchema): string[] {
  const found: string[] = [];
  for (const type of Object.values(part.getTypeMap())) {
    const other = whole.getType(type.name);
    if (type.name.startsWith('__') || (isScalarType(type) && isEnumType(other))) continue;
    if (other === undefined) found.push(`${type.name} is not there`);
    else if (isEnumType(type) && isEnumType(other)) {
      const names = other.getValues().map(({ name }) => name);
      found.push(...type.getValues().flatMap(({ name }) => (names.includes(name) ? [] : [`${type.name}.${name} is not there`])));
    } else if (isUnionType(type) && isUnionType(other)) {
      const names = other.getTypes().map(({ name }) => name);
      found.push(...type.getTypes().flatMap(({ name }) => (names.includes(name) ? [] : [`${type.name} has no ${name}`])));
    } else if (isInputObjectType(type) && isInputObjectType(other)) {
      for (const field of Object.values(type.getFields())) {
        const there = other.getFields()[field.name];
        if (String(there?.type) !== String(field.type)) found.push(`${type.name}.${field.name} is ${String(there?.type)}`);
      }
    } else if ((isObjectType(type) || isInterfaceType(type)) && (isObjectType(other) || isInterfaceType(other))) {
      for (const field of Object.values(type.getFields())) {
        const there = other.getFields()[field.name];
        const signature = (one: typeof there) =>
          `${String(one?.type)} (${one?.args.map(({ name, type: given }) => `${name}: ${String(given)}`).join(', ')})`;
        if (signature(there) !== signature(field)) found.push(`${type.name}.${field.name} is ${signature(there)}`);
      }
    } else if (!(isScalarType(type) && isScalarType(other))) found.push(`${type.name} is of another kind`);
  }
  return found;
}
