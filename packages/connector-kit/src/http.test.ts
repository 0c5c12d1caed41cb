import { ConnectorFault, type FaultCode, type FaultFacts } from '@quartermaster/domain';
import nock from 'nock';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHttp, type HttpCall, type HttpEvent, type HttpOptions } from './http.ts';
import { memoryRateLimiter } from './rate-limit.ts';
import { sandboxFetch, virtualClock, withFaults } from './sandbox/index.ts';

const origin = 'https://vendor.example';
const read: HttpCall = { operation: 'orders.pull', method: 'GET', url: `${origin}/orders`, repeat: 'always' };
const buy: HttpCall = { operation: 'label.buy', method: 'POST', url: `${origin}/orders`, body: '{}', repeat: 'never' };

beforeEach(() => {
  nock.disableNetConnect();
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
  vi.useRealTimers();
});

test('a call brings the answer back', async () => {
  nock(origin).get('/orders').reply(200, '[1]', { 'X-Request-Id': 'r1' });
  const { http } = given();
  expect(await http(read)).toMatchObject({ status: 200, text: '[1]', headers: { 'x-request-id': 'r1' } });
});

test('a document comes back byte for byte, and what stands in its place as text', async () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00]);
  nock(origin).get('/orders').reply(200, png).get('/orders').reply(404, '{"detail":"none"}');
  const { http } = given();
  const seen: string[] = [];
  const asDocument: HttpCall = {
    ...read,
    readAs: 'base64',
    judge: ({ status, text }) => (seen.push(text), status === 404 ? 'fine' : undefined),
  };
  await http(asDocument);
  await http(asDocument);
  expect(seen).toEqual([png.toString('base64'), '{"detail":"none"}']);
});

test('headers and body go out as they were given', async () => {
  nock(origin, { reqheaders: { authorization: 'Bearer abcd' } })
    .post('/orders', '{"a":1}')
    .reply(201, 'made');
  const { http } = given();
  expect(await http({ ...buy, headers: { authorization: 'Bearer abcd' }, body: '{"a":1}' })).toMatchObject({ status: 201 });
});

test.each<[string, HttpCall['repeat'], (scope: nock.Interceptor) => nock.Scope, number]>([
  ['a read is made again after a 500', 'always', (wire) => wire.reply(500), 3],
  ['a read is made again after a 503', 'always', (wire) => wire.reply(503), 3],
  ['a read is made again after a reset', 'always', (wire) => wire.replyWithError(systemError('ECONNRESET', 'read')), 3],
  ['a read is made again after a 429', 'always', (wire) => wire.reply(429), 3],
  ['a read is not made again after a 404', 'always', (wire) => wire.reply(404), 1],
  ['a read is not made again after a 401', 'always', (wire) => wire.reply(401), 1],
  ['a purchase is not made again after a 500', 'never', (wire) => wire.reply(500), 1],
  ['a purchase is not made again after a 502 that names a time', 'never', (wire) => wire.reply(502, '', { 'retry-after': '1' }), 1],
  ['a purchase is not made again after a 408', 'never', (wire) => wire.reply(408), 1],
  ['a purchase is not made again after a reset', 'never', (wire) => wire.replyWithError(systemError('ECONNRESET', 'read')), 1],
  ['a purchase is not made again after a closed socket', 'never', (wire) => wire.replyWithError(systemError('UND_ERR_SOCKET')), 1],
  ['a purchase is not made again after an error without a code', 'never', (wire) => wire.replyWithError(new Error('what?')), 1],
  [
    'a purchase is not made again when an open connection lost its host',
    'never',
    (wire) => wire.replyWithError(systemError('EHOSTUNREACH', 'read')),
    1,
  ],
  [
    'a purchase is not made again when an open connection timed out',
    'never',
    (wire) => wire.replyWithError(systemError('ETIMEDOUT', 'read')),
    1,
  ],
  ['a purchase is made again when nobody listened', 'never', (wire) => wire.replyWithError(systemError('ECONNREFUSED', 'connect')), 3],
  [
    'a purchase is made again when the host was not reached',
    'never',
    (wire) => wire.replyWithError(systemError('EHOSTUNREACH', 'connect')),
    3,
  ],
  ['a purchase is made again when connecting timed out', 'never', (wire) => wire.replyWithError(systemError('ETIMEDOUT', 'connect')), 3],
  [
    'a purchase is made again when the name was not found',
    'never',
    (wire) => wire.replyWithError(systemError('ENOTFOUND', 'getaddrinfo')),
    3,
  ],
  ['a purchase is made again after a 429', 'never', (wire) => wire.reply(429), 3],
])('%s', async (_title, repeat, answer, attempts) => {
  answer(nock(origin).persist().post('/orders'));
  const { http, events } = given();
  await faultOf(http({ ...buy, repeat }));
  expect(events).toHaveLength(attempts);
});

test.each<[string, (scope: nock.Interceptor) => nock.Scope, FaultCode, FaultFacts['outcome'], FaultFacts['retry']]>([
  ['400', (wire) => wire.reply(400), 'invalid-request', 'not-applied', { kind: 'never' }],
  ['401', (wire) => wire.reply(401), 'unauthorized', 'not-applied', { kind: 'never' }],
  ['403', (wire) => wire.reply(403), 'forbidden', 'not-applied', { kind: 'never' }],
  ['404', (wire) => wire.reply(404), 'not-found', 'not-applied', { kind: 'never' }],
  ['409', (wire) => wire.reply(409), 'conflict', 'not-applied', { kind: 'never' }],
  ['422', (wire) => wire.reply(422), 'invalid-request', 'not-applied', { kind: 'never' }],
  ['429', (wire) => wire.reply(429), 'rate-limited', 'not-applied', { kind: 'after', ms: 1_000 }],
  ['429 with a time', (wire) => wire.reply(429, '', { 'retry-after': '7' }), 'rate-limited', 'not-applied', { kind: 'after', ms: 7_000 }],
  [
    '429 with a date',
    (wire) => wire.reply(429, '', { 'retry-after': 'Sat, 21 Nov 2026 12:00:09 GMT' }),
    'rate-limited',
    'not-applied',
    { kind: 'after', ms: 9_000 },
  ],
  ['500', (wire) => wire.reply(500), 'server-error', 'unknown', { kind: 'safely' }],
  ['503 with a time', (wire) => wire.reply(503, '', { 'retry-after': '2' }), 'server-error', 'unknown', { kind: 'after', ms: 2_000 }],
  [
    'a redirect',
    (wire) => wire.reply(301, '', { location: 'https://elsewhere.example' }),
    'misconfigured',
    'not-applied',
    { kind: 'never' },
  ],
  ['a redirect after a form', (wire) => wire.reply(303, '', { location: '/login' }), 'misconfigured', 'unknown', { kind: 'never' }],
  [
    'a bad certificate',
    (wire) => wire.replyWithError(systemError('DEPTH_ZERO_SELF_SIGNED_CERT')),
    'misconfigured',
    'not-applied',
    { kind: 'never' },
  ],
  [
    'an unknown issuer',
    (wire) => wire.replyWithError(systemError('UNABLE_TO_GET_ISSUER_CERT_LOCALLY')),
    'misconfigured',
    'not-applied',
    { kind: 'never' },
  ],
  [
    'headers that never came',
    (wire) => wire.replyWithError(systemError('UND_ERR_HEADERS_TIMEOUT')),
    'timeout',
    'unknown',
    { kind: 'safely' },
  ],
])('%s is a fault of its kind', async (_title, answer, code, outcome, retry) => {
  answer(nock(origin).post('/orders'));
  const { http } = given({ attempts: 1, clock: virtualClock('2026-11-21T12:00:00Z') });
  expect(await faultOf(http(buy))).toMatchObject({ code, facts: { outcome, retry } });
});

test('a fault carries the id that the vendor gave the request', async () => {
  nock(origin).get('/orders').reply(404, '', { 'X-Request-Id': 'r-77' });
  const { http } = given();
  expect((await faultOf(http(read))).facts).toMatchObject({ status: 404, requestId: 'r-77' });
});

test('a redirect is not followed', async () => {
  nock(origin).get('/orders').reply(302, '', { location: 'https://elsewhere.example/' });
  const elsewhere = nock('https://elsewhere.example').get('/').reply(200);
  const { http } = given();
  await faultOf(http(read));
  expect(elsewhere.isDone()).toBe(false);
});

test('what fails once and then works is a success', async () => {
  nock(origin).get('/orders').reply(502).get('/orders').reply(200, 'fine');
  const { http } = given();
  expect((await http(read)).text).toBe('fine');
});

test('between attempts it waits as long as was asked, and a little longer by chance', async () => {
  nock(origin).get('/orders').reply(429, '', { 'retry-after': '5' }).get('/orders').reply(200);
  const { http, clock } = given({ random: () => 0.5 });
  await http(read);
  expect(clock.now()).toBe('2026-11-21T12:00:05.125Z');
});

test('without being asked it waits longer each time', async () => {
  nock(origin).persist().get('/orders').reply(500);
  const { http, clock } = given({ random: () => 1, attempts: 4 });
  await faultOf(http(read));
  expect(clock.now()).toBe('2026-11-21T12:00:01.750Z');
});

test('a vendor that asks for an hour is not waited for here', async () => {
  nock(origin).persist().get('/orders').reply(429, '', { 'retry-after': '3600' });
  const { http, events } = given();
  const fault = await faultOf(http(read));
  expect([events.length, fault.facts.retry]).toEqual([1, { kind: 'after', ms: 3_600_000 }]);
});

test('a vendor that asks for a million years gets a fault like any other', async () => {
  nock(origin).get('/orders').reply(429, '', { 'retry-after': '99999999999999999999' });
  const { http } = given({ bucketOf: () => 'all' });
  expect(await faultOf(http(read))).toMatchObject({ code: 'rate-limited', facts: { retry: { kind: 'after', ms: 86_400_000 } } });
});

test('a rate limit that the vendor reports holds up the whole bucket', async () => {
  nock(origin).get('/orders').reply(429, '', { 'retry-after': '30' }).get('/orders').reply(200);
  const { http, clock } = given({ attempts: 1, bucketOf: () => 'all' });
  await faultOf(http(read));
  await http(read);
  expect(clock.now()).toBe('2026-11-21T12:00:30.000Z');
});

test('each attempt draws on the bucket of its operation', async () => {
  nock(origin).get('/orders').reply(500).get('/orders').reply(200);
  const { http, clock } = given({ bucketOf: (operation) => (operation === 'orders.pull' ? 'slow' : undefined) });
  await http({ ...read, cost: 2 });
  expect(clock.now()).toBe('2026-11-21T12:00:02.000Z');
});

test('every attempt is an event without address, header or body', async () => {
  nock(origin).get('/orders?email=ada').reply(500).get('/orders?email=ada').reply(200);
  const { http, events } = given();
  await http({ ...read, url: `${origin}/orders?email=ada` });
  expect(events).toEqual([
    { connector: 'vendor', operation: 'orders.pull', attempt: 1, status: 500, fault: 'server-error', elapsedMs: 0 },
    { connector: 'vendor', operation: 'orders.pull', attempt: 2, status: 200, fault: null, elapsedMs: 0 },
  ]);
});

test('the time of an attempt is told by the clock', async () => {
  const clock = virtualClock('2026-11-21T12:00:00Z');
  const slow = async () => {
    await clock.sleep(1_234);
    return new Response('slow');
  };
  const { http, events } = given({ clock, fetch: sandboxFetch({ [origin]: slow }) });
  await http(read);
  expect(events.map((event) => event.elapsedMs)).toEqual([1_234]);
});

test('a connector may see a failure in an answer that looks fine', async () => {
  nock(origin).get('/orders').reply(200, '{"error":"x"}');
  const { http } = given();
  const refused = vendorFault({ message: 'said no' });
  expect(await faultOf(http({ ...read, judge: () => refused }))).toMatchObject({ code: 'refused', facts: { message: 'said no' } });
});

test('a connector may throw the failure that it sees', async () => {
  nock(origin).get('/orders').reply(200, '{"error":"x"}');
  const { http, events } = given();
  const judge = () => {
    throw vendorFault({});
  };
  await faultOf(http({ ...read, judge }));
  expect(events).toMatchObject([{ status: 200, fault: 'refused' }]);
});

test('a connector may take a bad status for a good answer', async () => {
  nock(origin).get('/orders').reply(404, 'nothing there');
  const { http } = given();
  expect(await http({ ...read, judge: () => 'fine' })).toMatchObject({ status: 404, text: 'nothing there' });
});

test('a connector may leave the judgement to the status', async () => {
  nock(origin).get('/orders').reply(403);
  const { http } = given();
  expect(await faultOf(http({ ...read, judge: () => undefined }))).toMatchObject({ code: 'forbidden' });
});

test('a failure that the connector calls safe is tried again also for a purchase', async () => {
  nock(origin).post('/orders').reply(200, 'THROTTLED').post('/orders').reply(200, 'bought');
  const { http } = given();
  const judge: HttpCall['judge'] = (reply) => (reply.text === 'THROTTLED' ? vendorFault({ retry: { kind: 'after', ms: 500 } }) : undefined);
  expect((await http({ ...buy, judge })).text).toBe('bought');
});

test.each([
  ['echoes it in a judged answer', 'sec/ret=1'],
  ['echoes it percent-encoded', encodeURIComponent('sec/ret=1')],
  ['echoes it as Basic authentication', Buffer.from('user:sec/ret=1').toString('base64')],
])('a key never appears in a fault when the vendor %s', async (_title, echoed) => {
  nock(origin).get('/orders').reply(200, echoed);
  const { http } = given({ secrets: ['sec/ret=1'] });
  const judge: HttpCall['judge'] = (reply) =>
    vendorFault({
      message: `bad key ${reply.text}`,
      advice: `use another than ${reply.text}`,
      vendorCode: reply.text,
      requestId: reply.text,
      cause: new Error(reply.text, { cause: new Error(reply.text) }),
    });
  expect(everythingIn(await faultOf(http({ ...read, judge })))).not.toContain(echoed);
});

test('a key never appears in what lies behind a lost connection', async () => {
  nock(origin).get('/orders').replyWithError(new Error('proxy says: hunter2-token is wrong'));
  const { http } = given({ secrets: ['hunter2-token'], attempts: 1 });
  expect(everythingIn(await faultOf(http(read)))).not.toContain('hunter2-token');
});

test.each<[string, Partial<HttpCall>]>([
  ['an address that is none', { url: 'vendor.example/hunter2' }],
  ['an address with a password in it', { url: 'https://user:hunter2@vendor.example/' }],
  ['a key with a line break in it', { headers: { authorization: 'hunter2\nx' } }],
  ['a key with a typographic dash in it', { headers: { authorization: 'hunter2–x' } }],
  ['an address that is no web address', { url: 'ftp://vendor.example/hunter2' }],
  ['a read with a body', { body: 'hunter2' }],
])('%s is misconfigured: nothing is sent, and nothing of it is repeated', async (_title, wrong) => {
  const { http, events } = given();
  const fault = await faultOf(http({ ...read, ...wrong }));
  expect([fault.code, fault.facts.outcome, fault.facts.retry, events, everythingIn(fault).includes('hunter2')]).toEqual([
    'misconfigured',
    'not-applied',
    { kind: 'never' },
    [],
    false,
  ]);
});

test('a port that fetch forbids is misconfigured', async () => {
  nock.enableNetConnect('127.0.0.1');
  const { http } = given();
  expect(await faultOf(http({ ...read, url: 'http://127.0.0.1:6000/' }))).toMatchObject({
    code: 'misconfigured',
    facts: { outcome: 'not-applied' },
  });
});

test('a vendor that does the work and never answers is a timeout of unknown outcome', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let bought = 0;
  const vendor = async () => {
    bought += 1;
    return new Response('label');
  };
  const { http, events } = given({ fetch: sandboxFetch({ [origin]: withFaults(vendor, () => 'hang-after') }) });
  const fault = faultOf(http(buy));
  await vi.advanceTimersByTimeAsync(30_000);
  expect([(await fault).code, (await fault).facts.outcome, bought, events.length]).toEqual(['timeout', 'unknown', 1, 1]);
});

test('an answer that begins and never ends is a timeout of unknown outcome', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stalled = async () => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{')) }));
  const { http } = given({ attempts: 1, timeoutMs: 5_000, fetch: sandboxFetch({ [origin]: stalled }) });
  const fault = faultOf(http(buy));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await fault).toMatchObject({ code: 'timeout', facts: { outcome: 'unknown' } });
});

test('a read that timed out is made again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const vendor = withFaults(
    async () => new Response('fine'),
    (call) => (call === 0 ? 'hang-before' : null),
  );
  const { http } = given({ fetch: sandboxFetch({ [origin]: vendor }) });
  const reply = http({ ...read, timeoutMs: 100 });
  await vi.advanceTimersByTimeAsync(100);
  expect((await reply).text).toBe('fine');
});

test('a call that is over leaves no timer behind', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { http } = given({ fetch: sandboxFetch({ [origin]: async () => new Response('fine') }) });
  await http(read);
  expect(vi.getTimerCount()).toBe(0);
});

test('a caller who gives up gets his own reason, and the request is not repeated', async () => {
  const giveUp = new AbortController();
  let asked = 0;
  const vendor = async () => {
    asked += 1;
    giveUp.abort(new Error('shutting down'));
    return new Promise<Response>(() => undefined);
  };
  const { http } = given({ fetch: sandboxFetch({ [origin]: vendor }) });
  await expect(http({ ...read, signal: giveUp.signal })).rejects.toThrow('shutting down');
  expect(asked).toBe(1);
});

test('a caller who gave up before does not reach the vendor', async () => {
  const wire = nock(origin).get('/orders').reply(200);
  const { http } = given();
  await expect(http({ ...read, signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
  expect(wire.isDone()).toBe(false);
});

test('a caller who gives up between attempts is not kept waiting', async () => {
  nock(origin).persist().get('/orders').reply(500);
  const giveUp = new AbortController();
  const { http, events } = given({ onEvent: () => giveUp.abort(new Error('shutting down')) });
  await expect(http({ ...read, signal: giveUp.signal })).rejects.toThrow('shutting down');
  expect(events).toHaveLength(1);
});

test('every attempt carries the id of its request, and so does its event', async () => {
  nock(origin, { reqheaders: { 'x-request-id': 'run-7' } })
    .get('/orders')
    .reply(500);
  nock(origin, { reqheaders: { 'x-request-id': 'run-7.2' } })
    .get('/orders')
    .reply(200, '[]');
  const { http, events } = given();
  await http({ ...read, requestId: 'run-7' });
  expect(events.map(({ requestId }) => requestId)).toEqual(['run-7', 'run-7.2']);
});

test('a call without an id sends none', async () => {
  nock(origin, { badheaders: ['x-request-id'] })
    .get('/orders')
    .reply(200, '[]');
  const { http, events } = given();
  await http(read);
  expect(events[0]).not.toHaveProperty('requestId');
});

test.each([
  ['ours, where the vendor gives none', {}, 'run-7'],
  ["the vendor's own, where there is one", { 'x-request-id': 'v-1' }, 'v-1'],
])('a fault names the request by %s', async (_whose, headers, expected) => {
  nock(origin).get('/orders').reply(404, '', headers);
  const { http } = given();
  expect((await faultOf(http({ ...read, requestId: 'run-7' }))).facts.requestId).toBe(expected);
});

test('an answer that breaks off in the middle may have come after the work', async () => {
  const url = await listen((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.destroy());
    });
  });
  const { http, events } = given();
  const fault = await faultOf(http({ ...buy, url }));
  expect([fault.code, fault.facts.outcome, events.length]).toEqual(['unreachable', 'unknown', 1]);
});

test('a connection that closes without an answer may have come after the work', async () => {
  const url = await listen((socket) => socket.once('data', () => socket.destroy()));
  const { http, events } = given();
  const fault = await faultOf(http({ ...buy, url }));
  expect([fault.code, fault.facts.outcome, events.length]).toEqual(['unreachable', 'unknown', 1]);
});

test('a server that speaks no TLS on a TLS address is misconfigured', async () => {
  const url = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const { http } = given();
  const fault = await faultOf(http({ ...buy, url: url.replace('http:', 'https:') }));
  expect([fault.code, fault.facts.outcome]).toEqual(['misconfigured', 'not-applied']);
});

test('a server that speaks no HTTP gives no readable answer', async () => {
  const url = await listen((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')));
  const { http } = given();
  const fault = await faultOf(http({ ...buy, url }));
  expect([fault.code, fault.facts.outcome]).toEqual(['malformed-reply', 'unknown']);
});

test.each(['127.0.0.1', 'localhost'])('nobody listening on %s means that nothing was sent', async (host) => {
  const port = await freePort();
  nock.enableNetConnect(host);
  const { http, events } = given();
  const fault = await faultOf(http({ ...buy, url: `http://${host}:${port}/` }));
  expect([fault.code, fault.facts.outcome, fault.facts.vendorCode, events.length]).toEqual([
    'unreachable',
    'not-applied',
    'ECONNREFUSED',
    3,
  ]);
});

test('a name with several addresses, none of which connects, means that nothing was sent', async () => {
  const refusedAndSlow = new AggregateError([systemError('ECONNREFUSED', 'connect'), systemError('ETIMEDOUT', 'connect')]);
  const { http } = given({ fetch: () => Promise.reject(new TypeError('fetch failed', { cause: refusedAndSlow })) });
  expect((await faultOf(http(buy))).facts.outcome).toBe('not-applied');
});

test('a name with several addresses, one of which was reached, may have got the request', async () => {
  const refusedAndLost = new AggregateError([systemError('ECONNREFUSED', 'connect'), systemError('ECONNRESET', 'read')]);
  const { http } = given({ fetch: () => Promise.reject(new TypeError('fetch failed', { cause: refusedAndLost })) });
  expect((await faultOf(http(buy))).facts.outcome).toBe('unknown');
});

test('an error that is its own cause is a lost connection', async () => {
  const loop = new Error('loop');
  loop.cause = loop;
  const { http } = given({ fetch: () => Promise.reject(loop) });
  expect((await faultOf(http(buy))).code).toBe('unreachable');
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function given(options: Partial<HttpOptions> = {}) {
  const events: HttpEvent[] = [];
  const clock = options.clock ?? virtualClock('2026-11-21T12:00:00Z');
  const http = createHttp({
    connector: 'vendor',
    random: () => 0,
    limiter: memoryRateLimiter({ all: { capacity: 100, perSecond: 100 }, slow: { capacity: 2, perSecond: 1 } }, clock),
    ...options,
    clock,
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  return { http, clock, events };
}

async function faultOf(call: Promise<unknown>): Promise<ConnectorFault> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorFault) return error;
  throw error;
}

function vendorFault(facts: Partial<FaultFacts>): ConnectorFault {
  return new ConnectorFault('refused', {
    connector: 'vendor',
    operation: 'orders.pull',
    outcome: 'not-applied',
    retry: { kind: 'never' },
    message: 'no',
    ...facts,
  });
}

/** Whatever of an error could be logged: its texts, its stack, its fields, and the same of its causes. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  return [error.message, error.stack, JSON.stringify(error), JSON.stringify(Object.entries(error)), everythingIn(error.cause)].join('\n');
}

function systemError(code: string, syscall?: string): Error {
  return Object.assign(new Error(`${syscall ?? ''} ${code}`), { code, ...(syscall === undefined ? {} : { syscall }) });
}

async function listen(serve: (socket: Socket) => void): Promise<string> {
  nock.enableNetConnect('127.0.0.1');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${portOf(server.address())}/`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not a TCP address');
  return address.port;
}
