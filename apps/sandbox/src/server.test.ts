import { DroppedConnection, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { afterEach, expect, test } from 'vitest';
import { generateDay } from './generated-day.ts';
import { connectControl } from './remote-control.ts';
import { createSandboxes, type Sandboxes, type SandboxesOptions } from './sandboxes.ts';
import { serveSandboxes, type ServedSandboxes } from './server.ts';

const world = generateDay({ seed: 7, orders: 40 });
const opened: ServedSandboxes[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((served) => served.close()));
});

test('two shops, Odoo and EasyPost answer on loopback ports of their own', async () => {
  const { sandboxes, served } = await serve();
  const shops = await Promise.all(['shop-eu', 'shop-pro'].map((shop) => shopName(sandboxes, served, shop)));
  const odoo = await fetch(`${served.urls['odoo'] ?? ''}/web/version`).then((response) => response.json());
  const easypost = await fetch(`${served.urls['easypost'] ?? ''}/v2/shipments`, { headers: basic(sandboxes.access.easypost.apiKey) });

  expect(shops).toEqual(['larder-eu', 'larder-pro']);
  expect(odoo).toMatchObject({ version: '19.0' });
  expect(await easypost.json()).toEqual({ shipments: [], has_more: false });
  expect(Object.values(served.urls).map((url) => new URL(url).hostname)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1']);
});

test('the control over HTTP does what the control in the process does', async () => {
  const { sandboxes, served } = await serve();
  const remote = connectControl(served.controlUrl);
  const [firstWave = ''] = world.waves;

  const moved = await remote.advanceTo(firstWave);

  expect(moved.now).toBe(firstWave);
  expect(moved.applied).toEqual(world.events.filter((event) => event.at <= firstWave).map((event) => event.id));
  expect(await remote.now()).toBe(await sandboxes.control.now());
  expect(await remote.world()).toEqual(world);
  expect(await remote.snapshot()).toEqual(await sandboxes.control.snapshot());
});

test('webhooks are taken once, and come over HTTP byte for byte', async () => {
  const { served } = await serve();
  const { sandboxes: twin } = await serve();
  const [firstWave = ''] = world.waves;
  const remote = connectControl(served.controlUrl);
  await remote.advanceTo(firstWave);
  await twin.control.advanceTo(firstWave);

  const taken = await remote.takeWebhooks({ duplicate: true, seed: 3 });

  const plain = ({ body, ...webhook }: (typeof taken)[number]) => ({ ...webhook, body: Buffer.from(body).toString() });
  expect(taken.map(plain)).toEqual((await twin.control.takeWebhooks({ duplicate: true, seed: 3 })).map(plain));
  expect(await remote.takeWebhooks()).toEqual([]);
});

test('a move of the clock that makes no sense is refused with a reason', async () => {
  const { served } = await serve();

  const response = await fetch(`${served.controlUrl}/clock`, { method: 'POST', body: '{"to":"noon"}' });

  expect(response.status).toBe(400);
  await expect(connectControl(served.controlUrl).advanceTo('noon')).rejects.toThrow('HTTP 400');
});

test('the clock can be put forward by milliseconds', async () => {
  const { served } = await serve();

  const response = await fetch(`${served.controlUrl}/clock`, { method: 'POST', body: '{"advanceMs":60000}' });

  expect(await response.json()).toEqual({ now: '2026-11-24T07:02:00.000Z', applied: [] });
});

test('a dropped connection is a broken socket for the client, and the server lives on', async () => {
  const { control } = createSandboxes(options());
  let calls = 0;
  const apps = {
    moody: async () => {
      if (calls++ === 0) throw new DroppedConnection('gone');
      return new Response('here again');
    },
  };
  const served = await serveSandboxes({ sandboxes: { apps, control } });
  opened.push(served);
  const url = served.urls['moody'] ?? '';

  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(await fetch(url).then((response) => response.text())).toBe('here again');
});

test('when every call fails, each vendor fails in every way, and the control in none', async () => {
  const { sandboxes, served } = await serve({ faults: { share: 1, seed: 7 } });
  const ways = new Set<string>();
  for (let call = 0; call < 40; call++) {
    ways.add(await shopName(sandboxes, served, 'shop-eu').catch((error: unknown) => (error instanceof Error ? error.message : 'unknown')));
  }

  expect([...ways].sort()).toEqual(['HTTP 429', 'HTTP 502', 'HTTP 504', 'fetch failed']);
  expect(await connectControl(served.controlUrl).now()).toBe(world.startsAt);
});

test('a port that is taken is refused, and nothing stays open', async () => {
  const { served } = await serve();
  const taken = Number(new URL(served.controlUrl).port);

  const attempt = serveSandboxes({ sandboxes: createSandboxes(options()), ports: { control: taken } });

  await expect(attempt).rejects.toThrow('EADDRINUSE');
});

async function serve(given: Partial<SandboxesOptions> = {}): Promise<{ sandboxes: Sandboxes; served: ServedSandboxes }> {
  const sandboxes = createSandboxes({ ...options(), ...given });
  const served = await serveSandboxes({ sandboxes });
  opened.push(served);
  return { sandboxes, served };
}

function options(): SandboxesOptions {
  return { world, clock: virtualClock(world.startsAt), odooVersion: 19 };
}

async function shopName(sandboxes: Sandboxes, served: ServedSandboxes, shop: string): Promise<string> {
  const response = await fetch(`${served.urls[shop] ?? ''}/admin/api/2026-10/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-shopify-access-token': sandboxes.access.shops[shop]?.accessToken ?? '' },
    body: JSON.stringify({ query: '{ shop { name } }' }),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const body: unknown = await response.json();
  return /"name":"([^"]*)"/.exec(JSON.stringify(body))?.[1] ?? '';
}

function basic(user: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:`).toString('base64')}` };
}
