import type { Outcome } from './fulfilment.ts';
import { nextId, type ShopState, type SubscriptionState, type UserErrorState } from './state.ts';

export type SubscriptionInput = {
  readonly uri?: string | null;
  readonly format?: 'JSON' | 'XML' | null;
  readonly filter?: string | null;
  readonly includeFields?: readonly string[] | null;
};

/** Subscribes an address to a topic; the same address and topic twice is refused. */
export function subscribe(state: ShopState, topic: string, input: SubscriptionInput): Outcome<SubscriptionState> {
  const uri = input.uri ?? '';
  const bad = badAddress(uri);
  if (bad !== null) return refused(bad);
  if ([...state.subscriptions.values()].some((one) => one.topic === topic && one.uri === uri))
    return refused('Address for this topic has already been taken');
  const id = nextId(state, 'WebhookSubscription');
  const made: SubscriptionState = {
    id,
    topic,
    uri,
    format: input.format ?? 'JSON',
    filter: input.filter ?? null,
    includeFields: input.includeFields ?? [],
  };
  state.subscriptions.set(id, made);
  return { result: made, userErrors: [] };
}

/** Changes a subscription; what is not given stays. */
export function changeSubscription(state: ShopState, id: number, input: SubscriptionInput): Outcome<SubscriptionState> {
  const one = state.subscriptions.get(id);
  if (one === undefined) return refused('Webhook subscription does not exist');
  const bad = input.uri == null ? null : badAddress(input.uri);
  if (bad !== null) return refused(bad);
  one.uri = input.uri ?? one.uri;
  one.format = input.format ?? one.format;
  if (input.filter !== undefined) one.filter = input.filter === '' ? null : input.filter;
  one.includeFields = input.includeFields ?? one.includeFields;
  return { result: one, userErrors: [] };
}

function badAddress(uri: string): string | null {
  if (!URL.canParse(uri)) return 'Address is invalid';
  return new URL(uri).protocol === 'https:' ? null : `Address protocol ${new URL(uri).protocol}// is not supported`;
}

function refused(message: string): { result: null; userErrors: readonly UserErrorState[] } {
  return { result: null, userErrors: [{ field: ['webhookSubscription', 'callbackUrl'], message }] };
}
