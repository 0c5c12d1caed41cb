import { afterEach, expect, test } from 'vitest';
import { DroppedConnection, type SandboxApp } from './app.ts';
import { serveApp, type ServedApp } from './serve.ts';

const open: ServedApp[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()));
});

async function serving(app: SandboxApp): Promise<string> {
  const served = await serveApp(app);
  open.push(served);
  return served.url;
}

test('a served sandbox gets the request as it was sent, and its answer comes back whole', async () => {
  const url = await serving(async (request) => {
    const seen = `${request.method} ${new URL(request.url).pathname} ${request.headers.get('x-a')} ${await request.text()}`;
    return new Response(seen, {
      status: 201,
      headers: [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['x-b', '1'],
      ],
    });
  });
  const answer = await fetch(`${url}/orders?x=1`, { method: 'POST', headers: { 'x-a': '7' }, body: 'süß' });
  expect([answer.status, await answer.text(), answer.headers.getSetCookie()]).toEqual([201, 'POST /orders 7 süß', ['a=1', 'b=2']]);
});

test('an answer without a body is one', async () => {
  const url = await serving(async () => new Response(null, { status: 204 }));
  expect((await fetch(url)).status).toBe(204);
});

test('a dropped connection is dropped on the wire', async () => {
  const url = await serving(() => Promise.reject(new DroppedConnection('dropped')));
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('an app that fails answers 500 with its error, because that is a mistake of the sandbox', async () => {
  const url = await serving(() => Promise.reject(new RangeError('no such thing')));
  const answer = await fetch(url);
  expect([answer.status, await answer.text()]).toEqual([500, 'the sandbox failed: RangeError: no such thing']);
});

test('a port that is taken is an error', async () => {
  const url = await serving(async () => new Response('first'));
  await expect(serveApp(async () => new Response('second'), Number(new URL(url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('after it was closed nobody listens, though an answer never came', async () => {
  const asked = Promise.withResolvers<void>();
  const served = await serveApp(() => {
    asked.resolve();
    return new Promise(() => undefined);
  });
  const hanging = fetch(served.url).catch((error: unknown) => error);
  await asked.promise;
  await served.close();
  expect(await hanging).toBeInstanceOf(TypeError);
});
