import { listSchemas, promiseQuestionSchema, requestSchemas, whySchemas } from '@quartermaster/flows';
import { z } from 'zod';
import { packageVersion } from '../version.ts';
import type { ControlRoute } from './route.ts';
import { checkPolicySchema } from './policy-routes.ts';

/** What a route does, in one line, and what it takes. */
type Described = { readonly says: string; readonly query?: z.ZodType; readonly body?: z.ZodType };

const see = (says: string, query?: z.ZodType): Described => ({ says, ...(query === undefined ? {} : { query }) });
const act = (says: string, body: z.ZodType): Described => ({ says, body });

/** Every route of the control API by method and path. A test compares them with the routes that there are, and their schemas with what the routes refuse. */
export const describedRoutes: Readonly<Record<string, Described>> = {
  'GET /exceptions': see('What waits for a person, with owner, clock and next action.', listSchemas.exceptions),
  'GET /exceptions/:id': see('One exception.'),
  'POST /exceptions/retry': act('Answers several exceptions, each by itself.', requestSchemas.retryExceptions),
  'POST /exceptions/assign': act('Gives exceptions to somebody.', requestSchemas.assign),
  'POST /exceptions/snooze': act('Lets the clock of exceptions stand still until a time.', requestSchemas.snooze),
  'POST /exceptions/:id/retry': act('Answers an exception.', requestSchemas.retry),
  'GET /orders': see('Orders by key, without personal data.', listSchemas.orders),
  'GET /orders/:order': see('Where an order stands.'),
  'GET /orders/:order/explain': see('Where an order stands and why.'),
  'GET /orders/:order/why-not': see('What it would have cost had the order left from another node.', whySchemas.whyNot),
  'GET /prices': see("What a day's constraints were worth.", whySchemas.day),
  'GET /rule-prices': see('What each rule of the policy cost on a day.', whySchemas.day),
  'GET /fill-rate': see('How much of a day was filled, and why the rest was not.', whySchemas.day),
  'GET /decisions': see('Ids of the newest waves.', whySchemas.decisions),
  'GET /decisions/:decision/replay': see('A wave decided again, and whether its plan is the same.'),
  'GET /decisions/:decision/model': see('The model of a wave for any engine.', whySchemas.model),
  'POST /simulate': act('A recorded day under another policy. Changes nothing.', whySchemas.simulate),
  'GET /orders/:order/packing': see('Which box each parcel is, and where each unit goes in it.'),
  'GET /orders/:order/pack-check': see('What is to be packed.'),
  'POST /orders/:order/pack-check': act('Compares what was packed with what is to be shipped.', requestSchemas.packCheck),
  'POST /orders/:order/repack': act('Says in which boxes a shipment really is.', requestSchemas.repack),
  'POST /orders/:order/hold': act('Holds an order.', requestSchemas.hold),
  'POST /orders/:order/release': act('Releases holds of an order.', requestSchemas.release),
  'POST /orders/:order/override': act('Decides about an order in place of a check or of the next waves.', requestSchemas.override),
  'POST /orders/:order/lift': act('Ends an override.', requestSchemas.lift),
  'POST /orders/:order/cancel': act('Cancels an order or units of it.', requestSchemas.cancel),
  'POST /orders/:order/refund': act('Gives money back through the channel.', requestSchemas.refund),
  'GET /policy': see('The policy that is in force.'),
  'GET /policy/versions': see('All versions of the policy, the newest first.'),
  'POST /policy/check': act('What another policy would change, and what is wrong with it. Changes nothing.', checkPolicySchema),
  'POST /policy/apply': act('Puts a policy in force.', requestSchemas.applyPolicy),
  'GET /release': see('What would be released now, and why the rest stays.'),
  'POST /release': act('Releases what may go now.', requestSchemas.releaseShipments),
  'GET /waves': see('The flow board: what waits, what is in work and when it is done.'),
  'GET /aging': see('How old open orders are, and which promises are at risk.'),
  'GET /intents': see('Writes to the outside.', listSchemas.intents),
  'POST /intents/:id/retry': act('Lets a dead or failed write go once more.', requestSchemas.retry),
  'POST /intents/:id/drop': act('Gives a dead or failed write up.', requestSchemas.drop),
  'POST /intents/:id/label': act('Types in a label that a person bought.', requestSchemas.label),
  'GET /approvals': see('What goes only when a person says so.', listSchemas.approvals),
  'POST /approvals/:approval/approve': act('Lets it go.', requestSchemas.decide),
  'POST /approvals/:approval/reject': act('Keeps it from happening.', requestSchemas.decide),
  'GET /maturity': see('How far each flow is trusted, and how far the program and people have agreed.'),
  'GET /regret': see('What overrides have cost and avoided.', listSchemas.regret),
  'GET /freeze': see('Whether policy and modes are frozen.'),
  'POST /freeze': act('Freezes policy and modes until a time.', requestSchemas.freeze),
  'POST /unfreeze': act('Ends a freeze.', requestSchemas.decide),
  'GET /drift': see('What channels, ERP and journal do not agree about.', listSchemas.drift),
  'POST /reconcile': act('Mends what has lasted, within its bounds.', requestSchemas.reconcile),
  'POST /freight/invoices': act("Reads a carrier's invoice file.", requestSchemas.importInvoice),
  'POST /freight/invoices/:invoice/bill': act('Has an invoice drafted as a bill in the ERP.', requestSchemas.billInvoice),
  'GET /promise': see('What may be promised to a customer.', promiseQuestionSchema),
  'GET /stock-accuracy': see('How right the books are, by what counts found: by shelf and by node, and what is kept back for it.'),
  'GET /atp/:sku': see('What may be promised of an article, and how that comes about.'),
  'POST /orders/:order/short': act('A picker did not find what a shipment needs: its lines go to another node.', requestSchemas.short),
  'POST /orders/:order/reject': act('A node does not ship a shipment: its lines go to another node.', requestSchemas.reject),
  'GET /nodes/troubles': see('Nodes that are away, and shelves in doubt.'),
  'POST /nodes/:node/counted': act('A shelf in doubt was counted.', requestSchemas.counted),
  'POST /nodes/:node/outage': act('A node, or a part of its labor, is away.', requestSchemas.outage),
  'POST /nodes/:node/reopen': act('A node has all its capacity again.', requestSchemas.reopen),
  'GET /connections': see('How every connection does.'),
  'POST /connections/:connection/pause': act('Keeps away from a connection for a while.', requestSchemas.pause),
  'POST /connections/:connection/resume': act('Uses a connection again at once.', requestSchemas.resume),
};

/** The control API as OpenAPI 3.1, made of its routes and of the schemas that they parse by. */
export function openApiDocument(routes: readonly ControlRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, needs } of routes) {
    const described = describedRoutes[`${method} ${path}`];
    const named = path.replaceAll(/:(\w+)/g, '{$1}');
    paths[named] = { ...paths[named], [method.toLowerCase()]: operationOf(path, needs, described) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Quartermaster control API', version: packageVersion(), license: { name: 'Apache-2.0' } },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: jsonSchema(problemSchema), Done: jsonSchema(doneSchema) },
    },
  };
}

/** An error (RFC 9457): `code` for machines, `detail` and `next` for people. */
const problemSchema = z.object({ title: z.string(), status: z.int(), code: z.string(), detail: z.string(), next: z.string() });
/** What an operation changed. `replayed`: the same request was carried out before, and this is its answer. */
const doneSchema = z.object({
  kind: z.literal('done'),
  operation: z.string(),
  key: z.string(),
  before: z.json(),
  after: z.json(),
  replayed: z.boolean(),
});

/** Posted because a policy is too long for an address. */
const changesNothing: ReadonlySet<string> = new Set(['/simulate', '/policy/check']);

function operationOf(path: string, needs: string, described: Described | undefined): object {
  const { says, query, body } = described ?? {};
  const parts = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const parameters = [...parts, ...(query === undefined ? [] : queryParameters(query))];
  const answer = body === undefined || changesNothing.has(path) ? { type: 'object' } : { $ref: '#/components/schemas/Done' };
  return {
    ...(says === undefined ? {} : { summary: says }),
    description: `Needs the role ${needs}.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body) } } } }),
    responses: {
      200: { description: 'What was asked for.', content: { 'application/json': { schema: answer } } },
      default: {
        description: 'Why not, and what to do next.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

function queryParameters(query: z.ZodType): object[] {
  const { properties, required } = objectSchema.parse(jsonSchema(query));
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
}

/** As JSON schema of what comes in; what JSON schema cannot say is left open. */
function jsonSchema(schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
