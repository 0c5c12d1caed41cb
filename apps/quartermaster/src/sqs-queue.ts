import { createHash, createHmac } from 'node:crypto';
import type { NotificationQueue } from '@quartermaster/amazon';
import type { Clock } from '@quartermaster/domain';
import { z } from 'zod';

/** An AWS user that may receive and delete messages of one queue. */
export type AwsKeys = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** What is signed of a request: its headers have lower-case names. */
export type SignedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * A queue of Amazon SQS, over its JSON protocol. `receive` waits up to 20 seconds for messages and hides them for a minute from others. Throws an `Error` that says how AWS answered, without a
 * key or a message.
 */
export function sqsQueue(given: {
  /** Such as `https://sqs.eu-west-1.amazonaws.com/123456789012/orders`. */
  readonly url: string;
  readonly keys: AwsKeys;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
}): NotificationQueue {
  const { url, keys, clock, signal } = given;
  const { host, origin } = new URL(url);
  const region = /^sqs\.([a-z0-9-]+)\./.exec(host)?.[1] ?? 'us-east-1';

  async function call(action: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    const body = JSON.stringify({ QueueUrl: url, ...parameters });
    const amzDate = clock.now().replaceAll(/[-:]|\.\d+/g, '');
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      host,
      'x-amz-date': amzDate,
      'x-amz-target': `AmazonSQS.${action}`,
    };
    const authorization = authorizationOf({ method: 'POST', path: '/', headers, body }, { keys, region, service: 'sqs', amzDate });
    const answer = await (given.fetch ?? fetch)(origin, {
      method: 'POST',
      headers: { ...headers, authorization },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`SQS ${action}: HTTP ${answer.status}`);
    return text === '' ? {} : JSON.parse(text);
  }

  return {
    async receive() {
      const answer = await call('ReceiveMessage', { MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds, VisibilityTimeout: 60 });
      return (messagesSchema.parse(answer).Messages ?? []).map(({ Body: body, ReceiptHandle: receipt }) => ({ body, receipt }));
    },
    async remove(receipt) {
      await call('DeleteMessage', { ReceiptHandle: receipt });
    },
  };
}

const waitSeconds = 20;
const timeoutMs = (waitSeconds + 10) * 1_000;
const messagesSchema = z.object({ Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })).nullish() });

/** The `authorization` header of AWS Signature Version 4, over all headers that are given. `amzDate` is such as `20150830T123600Z`. */
export function authorizationOf(
  { method, path, headers, body }: SignedRequest,
  given: { readonly keys: AwsKeys; readonly region: string; readonly service: string; readonly amzDate: string },
): string {
  const { keys, region, service, amzDate } = given;
  const day = amzDate.slice(0, 8);
  const names = Object.keys(headers).sort();
  const canonical = [method, path, '', ...names.map((name) => `${name}:${headers[name]?.trim()}`), '', names.join(';'), sha256(body)].join(
    '\n',
  );
  const scope = [day, region, service, 'aws4_request'].join('/');
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (last, part) => hmac(last, part),
    `AWS4${keys.secretAccessKey}`,
  );
  const signature = hmac(key, toSign).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
