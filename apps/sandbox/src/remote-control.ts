import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';
import { advanceSchema, type SandboxControl } from './control.ts';
import { endStateSchema } from './end-state.ts';
import { worldSchema } from './world.ts';

/**
 * Controls sandboxes that another process serves, by the address of their control. Methods reject with an `Error` that names path and status when the control refuses, and as
 * `fetch` does when it cannot be reached.
 */
export function connectControl(url: string, fetch: typeof globalThis.fetch = globalThis.fetch): SandboxControl {
  async function call<Reply>(method: 'GET' | 'POST', path: string, reply: z.ZodType<Reply>, body?: unknown): Promise<Reply> {
    const response = await fetch(new URL(path, url), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok)
      throw new Error(`the sandboxes' control refused ${method} ${path} with HTTP ${response.status}: ${await response.text()}`);
    return reply.parse(await response.json());
  }
  return {
    now: async () => (await call('GET', '/clock', clockSchema)).now,
    advanceTo: (to) => call('POST', '/clock', advanceSchema, { to }),
    passTime: async (to) => (await call('POST', '/time', clockSchema, { to })).now,
    happen: async (events) => {
      await call('POST', '/events', z.object({ happened: z.int() }), events);
    },
    snapshot: () => call('GET', '/snapshot', endStateSchema),
    world: () => call('GET', '/world', worldSchema),
    takeWebhooks: (delivery = {}) => call('POST', '/webhooks', webhooksSchema, delivery),
  };
}

const clockSchema = z.object({ now: instantSchema });

const webhooksSchema = z.array(
  z.object({
    shop: z.string(),
    topic: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64')),
  }),
);
