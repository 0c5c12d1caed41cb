import { placeOf, takeWebhook, type FlowContext } from '@quartermaster/flows';
import { JournalError } from '@quartermaster/journal';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/**
 * Where channels send their webhooks: `POST /CONNECTION`. It answers 200 when the arrival is on the disk, 401 without a word to what is not signed as it should be, and 503 when it
 * could not be kept, so that the channel sends it again. It knows nothing else: no page, no list, no control.
 */
export function webhookApp(
  context: Pick<FlowContext, 'journal' | 'settings' | 'channels' | 'clock' | 'log'>,
  { maxBytes }: { readonly maxBytes: number },
): Hono {
  const app = new Hono();
  app.notFound(() => empty(404));
  app.onError((error) => {
    const code = error instanceof JournalError ? error.code : 'bug';
    context.log({ at: context.clock.now(), event: 'webhook.not-kept', code, place: placeOf(error) });
    return empty(503);
  });
  app.on('POST', '/:connection', bodyLimit({ maxSize: maxBytes, onError: () => empty(413) }), async (request) => {
    const rawBody = new Uint8Array(await request.req.arrayBuffer());
    const taken = await takeWebhook(context, request.req.param('connection'), { rawBody, headers: request.req.header() });
    return empty(taken.kind === 'taken' ? 200 : taken.kind === 'rejected' ? 401 : 404);
  });
  return app;
}

function empty(status: 200 | 401 | 404 | 413 | 503): Response {
  return new Response(null, { status });
}
