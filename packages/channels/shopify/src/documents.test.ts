import {
  buildClientSchema,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
  parse,
  validate,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bulkOperationDocument, bulkOrdersQuery, runBulkQueryDocument } from './backfill-documents.ts';
import { cancellableLinesPerPage } from './cancellation.ts';
import * as deskDocuments from './desk-documents.ts';
import * as orderDocuments from './documents.ts';
import { heldOrdersPerPage } from './fulfilment-desk.ts';
import { fulfillmentsSeenFirst, maxFulfillmentsSeen, maxQueryCost, maxRefundsSeen, maxStockBatch, maxTransactionsSeen } from './limits.ts';
import { listingsPerPage } from './listings.ts';
import * as operationDocuments from './operation-documents.ts';
import { returnPageSizes } from './returns.ts';
import { operationCost } from './sandbox/cost.ts';
import { sandboxSchema } from './sandbox/schema.ts';
import { linesWithStanding, standingsPerPage } from './standings.ts';
import { neededTopics, subscriptionsPerPage } from './subscriptions.ts';

const specs = new URL('../../../../../shared/specs/shopify/', import.meta.url);
const versions = ['2026-04', '2026-07', '2026-10'] as const;
const fileOf = (version: string) => new URL(`admin_${version}.json.gz`, specs);
const absent = !existsSync(fileOf('2026-10'));
const reason = absent ? ' (skipped: the vendor schemas of ../shared are not here)' : '';

const documents: Readonly<Record<string, string>> = {
  ...orderDocuments,
  ...operationDocuments,
  ...deskDocuments,
  runBulkQueryDocument,
  bulkOperationDocument,
};
const bulkQuery = bulkOrdersQuery("created_at:>='2026-01-01T00:00:00.000Z' AND created_at:<'2026-02-01T00:00:00.000Z'");

/** The largest variables that the connector sends with a document. */
const variables: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  pullOrdersDocument: { first: 5, lines: 10 },
  orderDocument: { lines: 50 },
  orderLinesDocument: { first: 50 },
  orderShippingLinesDocument: { first: 50 },
  changedStandingsDocument: { first: standingsPerPage, lines: linesWithStanding },
  standingsDocument: { ids: Array.from({ length: standingsPerPage }, () => ''), lines: linesWithStanding },
  standingLinesDocument: { first: 250 },
  inventoryItemsDocument: { first: 250 },
  availableDocument: { ids: Array.from({ length: maxStockBatch }, () => '') },
  fulfillmentsDocument: { first: maxFulfillmentsSeen },
  confirmationDocument: { first: fulfillmentsSeenFirst },
  cancellableDocument: { first: cancellableLinesPerPage },
  refundsDocument: { first: maxRefundsSeen },
  refundableDocument: { lines: Array.from({ length: 250 }, () => '') },
  paymentsDocument: { first: maxTransactionsSeen },
  ordersWithReturnsDocument: { first: returnPageSizes.orders },
  orderReturnsDocument: { first: returnPageSizes.returns, lines: returnPageSizes.lines },
  returnLinesDocument: { first: returnPageSizes.moreLines },
  listingsDocument: { first: listingsPerPage },
  subscriptionsDocument: { first: subscriptionsPerPage },
  heldOrdersDocument: { first: heldOrdersPerPage },
  probeDocument: { locations: Array.from({ length: 100 }, () => '') },
};

describe.skipIf(absent).each(versions)(`against the vendor's schema of %s${reason}`, (version) => {
  test('every document of ours is valid', () => {
    const schema = vendorSchema(version);
    const errors = Object.entries(documents).flatMap(([name, text]) =>
      validate(schema, parse(text)).map((error) => `${name}: ${error.message}`),
    );
    expect(errors).toEqual([]);
  });

  test('what a bulk operation is to read is valid, with connections nested no deeper than it may', () => {
    expect(validate(vendorSchema(version), parse(bulkQuery)).map(({ message }) => message)).toEqual([]);
    expect(bulkQuery.match(/edges \{/g)).toHaveLength(4);
  });

  test('every topic that we subscribe to is one', () => {
    const topics = vendorSchema(version).getType('WebhookSubscriptionTopic');
    const names = new Set(isEnumType(topics) ? topics.getValues().map(({ name }) => name) : []);
    expect(neededTopics.filter((topic) => !names.has(topic))).toEqual([]);
  });
});

test.skipIf(absent)(`the sandbox's schema is a part of the vendor's${reason}`, () => {
  expect(differences(sandboxSchema, vendorSchema('2026-10'))).toEqual([
    'InventorySetQuantitiesUserErrorCode.ITEM_NOT_STOCKED_AT_LOCATION is not there',
  ]);
});

test.each(Object.entries(documents))('the sandbox understands %s, and it costs no more than one query may', (name, text) => {
  const document = parse(text);
  expect(validate(sandboxSchema, document)).toEqual([]);
  const operation = getOperationAST(document);
  expect(operation && operationCost(sandboxSchema, document, operation, variables[name] ?? {})).toBeLessThanOrEqual(maxQueryCost);
});

const vendorSchemas = new Map<string, GraphQLSchema>();

function vendorSchema(version: string): GraphQLSchema {
  const known = vendorSchemas.get(version) ?? readVendorSchema(version);
  vendorSchemas.set(version, known);
  return known;
}

function readVendorSchema(version: string): GraphQLSchema {
  // The file is the vendor's own introspection answer, and a test may trust it.
  const answer: { data: IntrospectionQuery } = JSON.parse(gunzipSync(readFileSync(fileOf(version))).toString());
  return buildClientSchema(answer.data);
}

/** Everything in a schema that another one lacks or has otherwise. Codes of countries and currencies are plain text in the sandbox. */
function differences(part: GraphQLSchema, whole: GraphQLSchema): string[] {
  const found: string[] = [];
  for (const type of Object.values(part.getTypeMap())) {
    const other = whole.getType(type.name);
    if (type.name.startsWith('__') || ['CountryCode', 'CurrencyCode'].includes(type.name)) continue;
    if (other === undefined) found.push(`${type.name} is not there`);
    else if (isEnumType(type) && isEnumType(other)) {
      const names = new Set(other.getValues().map((value) => value.name));
      for (const value of type.getValues()) if (!names.has(value.name)) found.push(`${type.name}.${value.name} is not there`);
    } else if (isInputObjectType(type) && isInputObjectType(other)) {
      for (const field of Object.values(type.getFields())) {
        const there = other.getFields()[field.name];
        if (String(there?.type) !== String(field.type)) found.push(`${type.name}.${field.name} is ${String(there?.type)}`);
      }
    } else if ((isObjectType(type) || isInterfaceType(type)) && (isObjectType(other) || isInterfaceType(other))) {
      for (const field of Object.values(type.getFields())) {
        const there = other.getFields()[field.name];
        if (String(there?.type) !== String(field.type)) found.push(`${type.name}.${field.name} is ${String(there?.type)}`);
        for (const argument of field.args) {
          const same = there?.args.find((candidate) => candidate.name === argument.name);
          if (String(same?.type) !== String(argument.type) || same?.defaultValue !== argument.defaultValue) {
            found.push(`${type.name}.${field.name}(${argument.name}) is ${String(same?.type)}`);
          }
        }
      }
    } else if (!(isScalarType(type) && isScalarType(other)) && !(isUnionType(type) && isUnionType(other))) {
      found.push(`${type.name} is of another kind`);
    }
  }
  return found;
}
