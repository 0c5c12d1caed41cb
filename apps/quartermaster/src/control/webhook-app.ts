import { epochMs } from '@quartermaster/domain';
import { placeOf, takeCarrierWebhook, takeWebhook, type FlowContext } from '@quartermaster/flows';
import { JournalError } from '@quartermaster/journal';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { webhookBounds, type WebhookLimits } from './webhook-bounds.ts';

/**
 * Where channels and carriers send their webhooks: `POST /CONNECTION`. It answers 200 when the arrival is on the disk, 401 without a word to what is not signed as it should be, and 503 when it
 * could not be kept or when too many are waiting (with `Retry-After`), so that it is sent again. A channel that tries the address first (eBay: `GET` with `challenge_code`) gets its
 * answer, which is made of `publicUrl`. It knows nothing else: no page, no list, no control.
 */
export function webhookApp(
  context: Pick<FlowContext, 'journal' | 'settings' | 'channels' | 'carriers' | 'clock' | 'log'>,
  {
    maxBytes,
    publicUrl,
    mostAtOnce = 200,
    mostWaiting = 20_000,
  }: { readonly maxBytes: number; readonly publicUrl?: string | undefined } & Partial<WebhookLimits>,
): Hono {
  const app = new Hono();
  const bounds = webhookBounds(context, { mostAtOnce, mostWaiting });
  const tellSeldom = seldomTold(context);
  app.notFound(() => empty(404));
  app.onError((error) => {
    const code = error instanceof JournalError ? error.code : 'bug';
    context.log({ at: context.clock.now(), event: 'webhook.not-kept', code, place: placeOf(error) });
    return empty(503);
  });
  app.get('/:connection', (request) => {
    const connection = request.req.param('connection');
    const address = publicUrl === undefined ? null : `${publicUrl.replace(/\/+$/, '')}/${connection}`;
    const subscriptions = context.channels.get(connection)?.subscriptions ?? null;
    const answer = address === null ? null : (subscriptions?.answerTrial?.(request.req.query(), address) ?? null);
    return answer === null ? empty(404) : request.json(answer);
  });
  app.on('POST', '/:connection', async (request, next) => {
    const connection = request.req.param('connection');
    const turnedAway = bounds.knows(connection) ? await bounds.enter(connection) : null;
    if (turnedAway !== null) {
      tellSeldom(connection, turnedAway.reason);
      return new Response(null, { status: 503, headers: { 'retry-after': String(turnedAway.retryAfterSeconds) } });
    }
    try {
      await next();
    } finally {
      if (bounds.knows(connection)) bounds.leave();
    }
    return undefined;
  });
  app.on('POST', '/:connection', bodyLimit({ maxSize: maxBytes, onError: () => empty(413) }), async (request) => {
    const rawBody = new Uint8Array(await request.req.arrayBuffer());
    const connection = request.req.param('connection');
    const take = context.channels.has(connection) ? takeWebhook : takeCarrierWebhook;
    const taken = await take(context, connection, { rawBody, headers: request.req.header() });
    return empty(taken.kind === 'taken' || taken.kind === 'ping' ? 200 : taken.kind === 'rejected' ? 401 : 404);
  });
  return app;
}

/** Tells of one reason at most once in ten seconds: a flood of webhooks must not become one of events. */
function seldomTold({ log, clock }: Pick<FlowContext, 'log' | 'clock'>): (connection: string, reason: string) => void {
  const told = new Map<string, number>();
  return (connection, reason) => {
    const now = epochMs(clock.now());
    const which = `${connection}/${reason}`;
    if (now - (told.get(which) ?? -Infinity) < 10_000) return;
    told.set(which, now);
    log({ at: clock.now(), event: 'webhook.turned-away', connection, reason });
  };
}

function empty(status: 200 | 401 | 404 | 413 | 503): Response {
  return new Response(null, { status });
}
