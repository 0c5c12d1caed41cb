import { z } from 'zod';
import { invalid, notFound, onlyParameters, type Answer, type Asked } from './http.ts';
import { digits, next, type AmazonState } from './state.ts';

const resourceSchema = z.union([
  z.strictObject({ sqs: z.strictObject({ arn: z.string().regex(/^arn:aws:sqs:\S+:\S+:\S+$/) }) }),
  z.strictObject({ eventBridge: z.strictObject({ accountId: z.string().regex(/^\d{12}$/), region: z.string().min(1) }) }),
]);

export function getDestinations(state: AmazonState): Answer {
  return { status: 200, body: { payload: [...state.destinations.values()].map(destinationView) } };
}

export function createDestination(state: AmazonState, { body }: Asked): Answer {
  const parsed = z.strictObject({ name: z.string().min(1).max(256), resourceSpecification: resourceSchema }).safeParse(body);
  if (!parsed.success) throw invalid('the destination is neither a queue nor an account of EventBridge');
  const id = digits(12, 'destination', String(next(state, 'destination')));
  const { name, resourceSpecification: resource } = parsed.data;
  const arn = 'sqs' in resource ? resource.sqs.arn : `${resource.eventBridge.accountId}/${resource.eventBridge.region}`;
  if ([...state.destinations.values()].some((one) => one.arn === arn)) throw invalid('the destination exists already');
  state.destinations.set(id, { id, name, arn });
  return { status: 200, body: { payload: destinationView({ id, name, arn }) } };
}

export function getSubscription(state: AmazonState, { params, query }: Asked): Answer {
  onlyParameters(query, ['payloadVersion']);
  const found = state.subscriptions.get(params['notificationType'] ?? '');
  if (found === undefined) throw notFound('Subscription');
  return { status: 200, body: { payload: subscriptionView(found) } };
}

export function createSubscription(state: AmazonState, { params, body }: Asked): Answer {
  const schema = z.strictObject({
    payloadVersion: z.literal('1.0'),
    destinationId: z.string(),
    processingDirective: z.record(z.string(), z.unknown()).optional(),
  });
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw invalid('the subscription is not valid');
  const type = params['notificationType'] ?? '';
  if (!['ORDER_CHANGE', 'LISTINGS_ITEM_MFN_QUANTITY_CHANGE', 'FEED_PROCESSING_FINISHED'].includes(type))
    throw invalid(`${type} is not a type of notifications`);
  if (!state.destinations.has(parsed.data.destinationId)) throw invalid('the destination does not exist');
  if (state.subscriptions.has(type)) throw invalid(`a subscription of ${type} exists already`);
  const made = { id: digits(16, 'subscription', String(next(state, 'subscription'))), type, destinationId: parsed.data.destinationId };
  state.subscriptions.set(type, made);
  return { status: 200, body: { payload: subscriptionView(made) } };
}

export function deleteSubscription(state: AmazonState, { params }: Asked): Answer {
  const type = params['notificationType'] ?? '';
  if (state.subscriptions.get(type)?.id !== params['subscriptionId']) throw notFound('Subscription');
  state.subscriptions.delete(type);
  return { status: 200, body: {} };
}

type Destination = { readonly id: string; readonly name: string; readonly arn: string };

function destinationView({ id, name, arn }: Destination) {
  const [accountId, region] = arn.split('/');
  return { destinationId: id, name, resource: arn.startsWith('arn:') ? { sqs: { arn } } : { eventBridge: { name, accountId, region } } };
}

function subscriptionView({ id, destinationId }: { readonly id: string; readonly destinationId: string }) {
  return { subscriptionId: id, payloadVersion: '1.0', destinationId };
}
