import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { startQm, temporaryFolder, type Running } from './testing/processes.ts';

const secrets = {
  QM_TEST_ODOO: 'key-of-odoo-0123456789',
  QM_TEST_SHOP: 'shpat-0123456789abcdef',
  QM_TEST_TOKEN: 'token-of-a-viewer-which-is-long',
};
/** A process of its own takes seconds to start on a machine that has other things to do. */
const patience = { timeout: 120_000 };
const eventSchema = z.object({ at: z.string(), level: z.string(), event: z.string(), control: z.string().nullish() }).catchall(z.unknown());

test(
  'the daemon tells events line by line, shows its metrics to who may see them, and drains when it is told to stop',
  patience,
  async () => {
    const { folder, port } = await aConfig();
    const daemon = startQm(['run', '--config', join(folder, 'quartermaster.json')], secrets);
    onTestFinished(() => void daemon.process.kill('SIGKILL'));
    const { control } = await firstEvent(daemon, 'daemon.started');
    const base = control ?? '';
    const ask = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(new URL(path, base), { headers });

    const live = await ask('livez');
    const closed = await ask('metrics');
    const open = await ask('metrics', { authorization: `Bearer ${secrets.QM_TEST_TOKEN}` });
    const metrics = await open.text();
    daemon.process.kill('SIGTERM');
    const { code, out } = await daemon.finished;
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => eventSchema.parse(JSON.parse(line)));

    expect(control).toBe(`http://127.0.0.1:${port}/`);
    expect([live.status, closed.status, open.status, code]).toEqual([200, 401, 200, 0]);
    expect(metrics).toContain('qm_journal_up 1\n');
    expect(metrics).toMatch(/^qm_vendor_call_seconds_count\{connection="erp",operation="probe",outcome="unreachable"\} 1$/m);
    const told = events.map(({ event }) => event);
    expect(told).toEqual(expect.arrayContaining(['erp.unreachable', 'daemon.stopping']));
    expect(told.at(-1)).toBe('daemon.stopped');
    expect(Object.values(secrets).filter((secret) => out.includes(secret) || metrics.includes(secret))).toEqual([]);
  },
);

test('nothing of OpenTelemetry or of the metrics is loaded by who does not use them', patience, async () => {
  const { folder } = await aConfig({ control: undefined });
  const watcher = join(folder, 'watcher.mjs');
  writeFileSync(watcher, tellingWhatIsLoaded);
  const daemon = startQm(['run', '--config', join(folder, 'quartermaster.json')], {
    ...secrets,
    NODE_OPTIONS: `--import=${watcher}`,
  });
  onTestFinished(() => void daemon.process.kill('SIGKILL'));
  await firstEvent(daemon, 'daemon.started');
  daemon.process.kill('SIGTERM');
  const { code, err } = await daemon.finished;

  expect(code).toBe(0);
  expect(err).toContain('loaded @hono/node-server');
  expect(err).not.toMatch(/loaded (@opentelemetry|prom-client)/);
});

const tellingWhatIsLoaded = `
import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  if (/^[@a-z]/.test(specifier)) process.stderr.write('loaded ' + specifier + '\\n');
  return next(specifier, context);
} });
`;

/** Waits for an event of a running daemon. */
async function firstEvent(daemon: Running, name: string) {
  let text = '';
  for await (const [piece] of withEnd(daemon)) {
    text += String(piece);
    for (const line of text.split('\n').slice(0, -1)) {
      const event = eventSchema.parse(JSON.parse(line));
      if (event.event === name) return event;
    }
  }
  throw new Error(`the daemon ended before ${name}: ${(await daemon.finished).err}`);
}

async function* withEnd({ process }: Running): AsyncGenerator<readonly unknown[]> {
  const { stdout } = process;
  if (stdout === null) return;
  for (;;) {
    const next = await Promise.race([once(stdout, 'data'), once(process, 'close').then(() => null)]);
    if (next === null) return;
    yield next;
  }
}

/** A daemon whose shop and ERP are not there: it lives all the same. */
async function aConfig(more: { readonly control?: undefined } = {}) {
  const temporary = temporaryFolder();
  onTestFinished(() => temporary.remove());
  const folder = temporary.path;
  const [port, nobody] = [await freePort(), await freePort()];
  const key = join(folder, 'quartermaster.key');
  writeFileSync(key, Buffer.alloc(32, 7).toString('base64'));
  chmodSync(key, 0o600);
  const secret = { env: 'QM_TEST_SHOP' };
  const away = `http://127.0.0.1:${nobody}`;
  const address = {
    name: 'Warehouse',
    company: null,
    lines: ['Dock 1'],
    postalCode: '10115',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: null,
    email: null,
  };
  const labor = { minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0.5, tiers: [{ minutes: null, costPerMinute: 0.4 }] };
  const service = {
    id: 'std',
    name: 'std',
    carrierService: 'std',
    maxGrams: 30_000,
    parcelMaxGrams: 10_000,
    zones: [{ id: 'DE', from: { country: 'DE' }, to: { country: 'DE' } }],
    prices: [{ zone: 'DE', transitDays: 2, baseMinor: 400, perKgMinor: 50 }],
  };
  const config = {
    currency: 'EUR',
    zone: 'Europe/Berlin',
    journal: { path: 'journal.sqlite', masterKey: { file: 'quartermaster.key' } },
    odoo: { connection: 'erp', url: away, database: 'db', user: 'qm', key: { env: 'QM_TEST_ODOO' } },
    channels: [
      {
        kind: 'shopify',
        connection: 'shop',
        shop: 'acme',
        origin: away,
        accessToken: secret,
        webhookSecret: secret,
        locations: { BER: '1' },
      },
    ],
    carriers: [
      {
        kind: 'rate-table',
        connection: 'house',
        name: 'House',
        tariff: { id: 'house', carrier: 'House', currency: 'EUR', effectiveFrom: '2026-01-01', services: [service] },
      },
    ],
    nodes: [{ id: 'BER', kind: 'warehouse', company: 'acme', zone: 'Europe/Berlin', cutoff: '15:00', labor, address }],
    waves: [],
    statusPage: { port: 0 },
    control: { port, tokens: [{ name: 'prometheus', role: 'viewer', token: { env: 'QM_TEST_TOKEN' } }] },
    ...more,
  };
  writeFileSync(join(folder, 'quartermaster.json'), JSON.stringify(config));
  return { folder, port };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
