import { expect, test } from 'vitest';
import { readNotification, takeNotifications, verifyNotification, type AmazonNotification, type QueueMessage } from './notifications.ts';
import { givenSeller } from './testing/shop.ts';

function someNotification(): string {
  const { shop } = givenSeller();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  return shop.takeNotifications()[0] ?? '';
}

const inBytes = (text: string) => new TextEncoder().encode(text);
const secret = 'Basic c2VjcmV0';

function aQueue(bodies: readonly string[]) {
  const removed: string[] = [];
  const messages: QueueMessage[] = bodies.map((body, index) => ({ body, receipt: String(index) }));
  return { removed, queue: { receive: async () => messages, remove: async (receipt: string) => void removed.push(receipt) } };
}

test('a changed order is named as the queue and as EventBridge tell it', () => {
  const text = someNotification();
  const enveloped = JSON.stringify({
    source: 'aws.partner/sellingpartnerapi.amazon.com',
    'detail-type': 'ORDER_CHANGE',
    detail: JSON.parse(text),
  });
  const [bare, wrapped] = [readNotification(text), readNotification(enveloped)];
  expect(bare?.orderId).toMatch(/^\d{3}-\d{7}-\d{7}$/);
  expect(wrapped).toEqual(bare);
});

test('an order that Amazon ships itself leads nowhere', () => {
  const { shop } = givenSeller();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], fulfilledBy: 'AMAZON' });
  expect(readNotification(shop.takeNotifications()[0] ?? '')).toMatchObject({ type: 'ORDER_CHANGE', orderId: null });
});

test('a delivery is genuine by the secret of its connection, and by nothing else', () => {
  const body = inBytes(someNotification());
  const verdict = (authorization: string, secrets: readonly string[]) => verifyNotification(body, { authorization }, secrets).kind;
  expect([verdict(secret, ['old', secret]), verdict('Basic other', [secret]), verdict(secret, [])]).toEqual([
    'genuine',
    'rejected',
    'rejected',
  ]);
});

test('what is no notification is rejected though the secret is right', () => {
  expect(verifyNotification(inBytes('{}'), { authorization: secret }, [secret]).kind).toBe('rejected');
});

test('what the queue delivers twice is handled once, and removed each time', async () => {
  const text = someNotification();
  const { queue, removed } = aQueue([text, text]);
  const handled: AmazonNotification[] = [];
  await takeNotifications({ queue, recent: new Set(), handle: async (one) => void handled.push(one) });
  expect([handled.length, removed]).toEqual([1, ['0', '1']]);
});

test('what could not be handled stays in the queue and comes again', async () => {
  const { queue, removed } = aQueue([someNotification()]);
  const recent = new Set<string>();
  const taken = takeNotifications({ queue, recent, handle: () => Promise.reject(new Error('full')) });
  await expect(taken).rejects.toThrow('full');
  expect([removed, recent.size]).toEqual([[], 0]);
});

test('a message that is no notification is told and removed', async () => {
  const { queue, removed } = aQueue(['hello']);
  const strange: string[] = [];
  await takeNotifications({
    queue,
    recent: new Set(),
    handle: () => Promise.reject(new Error('never')),
    strange: (reason) => strange.push(reason),
  });
  expect([strange.length, removed]).toEqual([1, ['0']]);
});
