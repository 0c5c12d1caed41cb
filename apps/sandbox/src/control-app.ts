import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf, instantSchema } from '@quartermaster/domain';
import { Hono } from 'hono';
import { z } from 'zod';
import { webhookDeliverySchema, type SandboxControl } from './control.ts';
import { worldEventSchema } from './world.ts';

/** Moves of the clock over HTTP: to an instant, or by some milliseconds. */
export const clockMoveSchema = z.union([z.strictObject({ to: instantSchema }), z.strictObject({ advanceMs: z.int().nonnegative() })]);

/**
 * The control as an HTTP app: `GET` and `POST /clock`, `POST /time` (which only passes it), `POST /events`, `GET /snapshot`, `GET /world`, `POST /webhooks` (which takes them; bodies in base64). A request of another shape is refused
 * with 400 and the reason.
 */
export function controlApp(control: SandboxControl): SandboxApp {
  const app = new Hono();
  app.get('/clock', async (context) => context.json({ now: await control.now() }));
  app.post('/clock', async (context) => {
    const move = clockMoveSchema.safeParse(await bodyOf(context.req.raw));
    if (!move.success) return context.json({ error: z.prettifyError(move.error) }, 400);
    const to = 'to' in move.data ? move.data.to : instantOf(epochMs(await control.now()) + move.data.advanceMs);
    return context.json(await control.advanceTo(to));
  });
  app.post('/time', async (context) => {
    const move = z.strictObject({ to: instantSchema }).safeParse(await bodyOf(context.req.raw));
    if (!move.success) return context.json({ error: z.prettifyError(move.error) }, 400);
    return context.json({ now: await control.passTime(move.data.to) });
  });
  app.post('/events', async (context) => {
    const events = z.array(worldEventSchema).safeParse(await bodyOf(context.req.raw));
    if (!events.success) return context.json({ error: z.prettifyError(events.error) }, 400);
    await control.happen(events.data);
    return context.json({ happened: events.data.length });
  });
  app.get('/snapshot', async (context) => context.json(await control.snapshot()));
  app.get('/world', async (context) => context.json(await control.world()));
  app.post('/webhooks', async (context) => {
    const delivery = webhookDeliverySchema.safeParse(await bodyOf(context.req.raw));
    if (!delivery.success) return context.json({ error: z.prettifyError(delivery.error) }, 400);
    const webhooks = await control.takeWebhooks(delivery.data);
    return context.json(webhooks.map(({ body, ...webhook }) => ({ ...webhook, body: Buffer.from(body).toString('base64') })));
  });
  return async (request) => app.fetch(request);
}

/** The JSON that a request carries; undefined, which no schema accepts, when it carries none. */
async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
