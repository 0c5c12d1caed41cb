import type { NotificationQueue, QueueMessage } from '@quartermaster/amazon';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { pollQueue } from './notification-polling.ts';
import { authorizationOf, sqsQueue } from './sqs-queue.ts';
import { openSmallBusiness } from './testing/small-business.ts';

/** What Amazon puts into the queue when an order changed. */
function orderChange(id: string, orderId: string): string {
  const payload = { OrderChangeNotification: { AmazonOrderId: orderId, Summary: { FulfillmentType: 'MFN' } } };
  const metadata = { NotificationId: id, PublishTime: '2026-11-23T09:00:00.000Z' };
  return JSON.stringify({ NotificationType: 'ORDER_CHANGE', Payload: payload, NotificationMetadata: metadata });
}

/** A queue that gives these messages and then says stop. */
function queueOf(messages: readonly QueueMessage[], stop: AbortController) {
  const removed: string[] = [];
  let waiting = messages;
  const queue: NotificationQueue = {
    receive() {
      const given = waiting;
      waiting = [];
      if (given.length === 0) stop.abort();
      return Promise.resolve(given);
    },
    remove(receipt) {
      removed.push(receipt);
      return Promise.resolve();
    },
  };
  return { queue, removed };
}

test('an order that a queue tells of waits to be read at once, once, and what cannot be read is passed over', async () => {
  const business = await openSmallBusiness();
  const stop = new AbortController();
  const messages = [
    { body: orderChange('n1', '902-1'), receipt: 'r1' },
    { body: 'no notification', receipt: 'r2' },
    { body: orderChange('n1', '902-1'), receipt: 'r3' },
  ];
  const { queue, removed } = queueOf(messages, stop);

  await pollQueue(business.context, 'shop', { queue, signal: stop.signal });

  const waiting = await business.journal.read((tx) => tx.inbox.pending(10));
  expect(waiting).toMatchObject([{ kind: 'webhook', vendorId: 'n1', body: { orderId: '902-1', topic: 'ORDER_CHANGE' } }]);
  expect(removed).toEqual(['r1', 'r2', 'r3']);
});

test('requests are signed as the example of AWS is', () => {
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const headers = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' };
  const signed = authorizationOf(
    { method: 'GET', path: '/', headers, body: '' },
    { keys, region: 'us-east-1', service: 'service', amzDate: '20150830T123600Z' },
  );
  expect(signed).toContain('Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
});

test('a queue is asked for messages, and told which one is done', async () => {
  const asked: { readonly target: string | null; readonly body: unknown }[] = [];
  const answer = { Messages: [{ Body: 'hello', ReceiptHandle: 'r1' }] };
  const queue = sqsQueue({
    url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
    keys: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    clock: virtualClock('2026-11-23T09:00:00.000Z'),
    signal: new AbortController().signal,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      asked.push({ target: request.headers.get('x-amz-target'), body: await request.json() });
      expect(request.headers.get('authorization')).toContain('/20261123/eu-west-1/sqs/aws4_request');
      return Response.json(answer);
    },
  });

  const messages = await queue.receive();
  await queue.remove('r1');

  expect(messages).toEqual([{ body: 'hello', receipt: 'r1' }]);
  expect(asked).toMatchObject([
    { target: 'AmazonSQS.ReceiveMessage', body: { WaitTimeSeconds: 20 } },
    { target: 'AmazonSQS.DeleteMessage', body: { ReceiptHandle: 'r1' } },
  ]);
});
