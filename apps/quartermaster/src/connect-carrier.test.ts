import { memoryRateLimiter, systemClock } from '@quartermaster/connector-kit';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { initCommand } from './commands/init.ts';
import { loadConfig } from './config.ts';
import { connectCarrier } from './connect-carrier.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qm-carrier-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The first carrier of a new config, with these fields changed, and the fields of which the secret was asked. */
function connected(change: object) {
  const path = join(mkdtempSync(join(folder, 'config-')), 'quartermaster.json');
  initCommand({ config: path, json: true }, { out: () => undefined, err: () => undefined, live: false });
  const written = z.looseObject({ carriers: z.array(z.looseObject({})) }).parse(JSON.parse(readFileSync(path, 'utf8')));
  writeFileSync(path, JSON.stringify({ ...written, carriers: [{ ...written.carriers[0], ...change }] }));
  const { config } = loadConfig(path);
  const [carrier] = config.carriers;
  if (carrier === undefined) throw new RangeError('the config has no carrier');
  const secrets: string[] = [];
  const time = { clock: systemClock, random: () => 0 };
  const made = connectCarrier(carrier, {
    currency: config.currency,
    zone: config.zone,
    time,
    limiterOf: (buckets) => memoryRateLimiter(buckets, systemClock),
    secretOf(_source, field) {
      secrets.push(field);
      return 'secret';
    },
  });
  return { carrier: made, secrets };
}

test('a carrier by hand makes no labels of its own', () => {
  expect(connected({ kind: 'manual' }).carrier.capabilities.labelFormats).toEqual([]);
});

test('EasyPost’s webhooks are believed only where the config has their secret', () => {
  const easypost = { kind: 'easypost', apiKey: { env: 'KEY' } };
  expect(connected(easypost)).toMatchObject({ carrier: { verifyWebhook: null }, secrets: ['apiKey'] });
  const signed = connected({ ...easypost, webhookSecret: { env: 'HOOK' } });
  expect([typeof signed.carrier.verifyWebhook, signed.secrets]).toEqual(['function', ['apiKey', 'webhookSecret']]);
});
