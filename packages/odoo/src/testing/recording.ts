import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import nock from 'nock';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { OdooOptions } from '../client/client.ts';
import { connectionOf, type Connection } from '../client/connection.ts';

export const origin = 'http://odoo.test';
/** Who the recordings were made as. */
export const credentials = { url: origin, database: 'odoo', login: 'admin', secret: 'PASSWORD' };

const recordingSchema = z.object({
  request: z.object({ method: z.string(), path: z.string(), body: z.unknown() }),
  response: z.object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.unknown() }),
});
export type Recording = z.infer<typeof recordingSchema>;

/** A recorded exchange with a real Odoo of that version. */
export function recording(version: 17 | 19, name: string): Recording {
  const url = new URL(`../../fixtures/${version}/${name}.json`, import.meta.url);
  return recordingSchema.parse(JSON.parse(readFileSync(url, 'utf8')));
}

/** Answers the next request to the recorded path as it was recorded, and keeps the body that was asked with. */
export function replay({ request, response }: Recording, requiredHeaders: Record<string, string> = {}): { body: unknown } {
  const asked: { body: unknown } = { body: undefined };
  const text = typeof response.body === 'string' ? response.body : JSON.stringify(response.body);
  const keepsBody = (body: unknown) => {
    asked.body = body;
    return true;
  };
  nock(origin, { reqheaders: requiredHeaders })
    .intercept(request.path, request.method, request.method === 'GET' ? undefined : keepsBody)
    .reply(response.status, text, response.headers);
  return asked;
}

/** A way to where the recordings are replayed, with a clock that waits in no time. */
export function testConnection(options: Partial<OdooOptions> = {}): Connection {
  const { url, database, login, secret } = credentials;
  const clock = virtualClock('2026-11-21T10:00:00Z');
  return connectionOf({ url, database, login, secret: { password: secret }, clock, random: () => 0, ...options });
}
