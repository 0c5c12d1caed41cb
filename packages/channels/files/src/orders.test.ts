import { centsProof } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { channelOf, givenFolder, mugOrder, orderText, pullAll, start } from './testing/folder.ts';

describe('a file that somebody is still writing', () => {
  test('is not read while it grows, and is when it has stopped', async () => {
    const { clock, partner } = givenFolder();
    const text = orderText(mugOrder('1'));
    let sent = 0;
    const send = (characters: number) => {
      if (sent === text.length) return;
      sent = Math.min(text.length, sent + characters);
      partner.directory.put('orders/a.json', text.slice(0, sent));
    };
    const sleep: typeof clock.sleep = async (ms, signal) => {
      await clock.sleep(ms, signal);
      send(text.length / 2);
    };
    const channel = channelOf(partner, { ...clock, sleep });
    send(10);

    const first = await pullAll(channel);
    const second = await pullAll(channel, first.cursor);
    const third = await pullAll(channel, second.cursor);

    expect([first, second, third].map(({ ids, unreadable }) => [ids, unreadable])).toEqual([
      [[], []],
      [[], []],
      [['1'], []],
    ]);
  });

  test.each(['a.json.part', 'a.json.tmp', '.a.json', 'a.json.filepart', '~a.json'])(
    'is passed over while it is called %s',
    async (name) => {
      const { channel, partner } = givenFolder({ wholeWhen: { kind: 'renamed' } });
      partner.directory.put(`orders/${name}`, orderText(mugOrder('1')));
      expect((await pullAll(channel)).ids).toEqual([]);
    },
  );

  test('counts as whole with its marker, where the partner writes such', async () => {
    const { channel, partner } = givenFolder({ wholeWhen: { kind: 'marker', ending: '.ok' } });
    partner.directory.put('orders/a.json', orderText(mugOrder('1')));
    const before = await pullAll(channel);
    partner.directory.put('orders/a.json.ok', '');
    expect([before.ids, (await pullAll(channel, before.cursor)).ids]).toEqual([[], ['1']]);
  });

  test('costs no waiting where the partner renames', async () => {
    const { channel, clock, partner } = givenFolder({ wholeWhen: { kind: 'renamed' } });
    partner.directory.put('orders/a.json', orderText(mugOrder('1')));
    expect([(await pullAll(channel)).ids, clock.now()]).toEqual([['1'], start]);
  });
});

describe('what was sent before', () => {
  test('is not told again when it comes in another file', async () => {
    const { channel, partner } = givenFolder();
    const id = partner.placeOrder({ lines: [{ sku: 'MUG', quantity: 1, unitPrice: '12.90' }] });
    const first = await pullAll(channel);
    partner.sendAgain([id]);
    expect([first.ids, (await pullAll(channel, first.cursor)).ids]).toEqual([[id], []]);
  });

  test('does not come back when an older version arrives late', async () => {
    const { channel, partner } = givenFolder();
    partner.directory.put('orders/new.json', orderText(mugOrder('1', { updated_at: '2026-11-21T08:00:00.000Z', status: 'cancelled' })));
    const first = await pullAll(channel);
    partner.directory.put('orders/old.json', orderText(mugOrder('1', { updated_at: '2026-11-21T07:00:00.000Z' })));
    const second = await pullAll(channel, first.cursor);
    expect([second.ids, (await channel.getOrder('1'))?.order.status]).toEqual([[], 'cancelled']);
  });

  test('has the same revision in every process', async () => {
    const { channel, clock, partner } = givenFolder();
    partner.directory.put('orders/a.json', orderText(mugOrder('1')));
    const [mine] = (await pullAll(channel)).orders;
    const [other] = (await pullAll(channelOf(partner, clock))).orders;
    expect(other?.order.revision).toBe(mine?.order.revision);
  });

  test('is read anew when the partner writes over the file', async () => {
    const { channel, clock, partner } = givenFolder();
    partner.directory.put('orders/orders.json', orderText(mugOrder('1')));
    const first = await pullAll(channel);
    clock.advanceTo('2026-11-22T09:00:00.000Z');
    partner.directory.put('orders/orders.json', orderText(mugOrder('2')));
    expect((await pullAll(channel, first.cursor)).ids).toEqual(['2']);
  });
});

describe('files that were read', () => {
  test('are moved once a cursor comes back that names them, and their orders are still known', async () => {
    const { channel, clock, partner } = givenFolder({ whenRead: 'move' });
    partner.directory.put('orders/a.json', orderText(mugOrder('1')));
    const first = await pullAll(channel);
    const unmoved = partner.directory.paths().filter((path) => path.startsWith('orders/'));
    const second = await pullAll(channel, first.cursor);
    const moved = partner.directory.paths().filter((path) => path.startsWith('orders/'));
    expect([unmoved, second.ids]).toEqual([['orders/a.json'], []]);
    expect(moved).toEqual([expect.stringMatching(/^orders\/done\/[0-9a-f]{16}-a\.json$/)]);
    expect((await channelOf(partner, clock, { whenRead: 'move' }).getOrder('1'))?.order.id).toBe('1');
  });

  test('stay where they are unless one says otherwise', async () => {
    const { channel, partner } = givenFolder();
    partner.directory.put('orders/a.json', orderText(mugOrder('1')));
    await pullAll(channel, (await pullAll(channel)).cursor);
    expect(partner.directory.paths()).toContain('orders/a.json');
  });

  test('that cannot be moved hold up nobody', async () => {
    const { partner, clock } = givenFolder();
    const move = () => Promise.reject(new Error('no right to rename'));
    const channel = channelOf(partner, clock, { whenRead: 'move', directory: { ...partner.directory, move } });
    partner.directory.put('orders/a.json', orderText(mugOrder('1')));
    const first = await pullAll(channel);
    partner.directory.put('orders/b.json', orderText(mugOrder('2')));
    expect((await pullAll(channel, first.cursor)).ids).toEqual(['2']);
  });
});

describe('a new connection', () => {
  test('leaves what lay in the folder before it, and reads what comes later whatever its time says', async () => {
    const { channel, partner } = givenFolder({ whenRead: 'move' });
    partner.directory.put('orders/before.json', orderText(mugOrder('1')), '2026-11-01T00:00:00.000Z');
    const first = await pullAll(channel, channel.cursorAt(start));
    partner.directory.put('orders/late.json', orderText(mugOrder('2')), '2026-10-01T00:00:00.000Z');
    const second = await pullAll(channel, first.cursor);
    await pullAll(channel, second.cursor);
    expect([first.ids, second.ids]).toEqual([[], ['2']]);
    expect(partner.directory.paths()).toContain('orders/before.json');
  });
});

test('a file of many orders is told in pages, and goes on in the middle of it', async () => {
  const { channel, partner } = givenFolder();
  const ids = Array.from({ length: 450 }, (_, nth) => String(1_000 + nth));
  partner.directory.put('orders/many.json', orderText(...ids.map((id) => mugOrder(id))));
  const all = await pullAll(channel);
  const rest = await pullAll(channel, all.cursors[0]);
  expect([all.cursors.length, all.ids, rest.ids]).toEqual([3, ids, ids.slice(200)]);
});

describe('what cannot be read', () => {
  test('is named by file and place without its value, and holds up nobody else', async () => {
    const { channel, partner } = givenFolder();
    const bad = { ...mugOrder('bad'), lines: [{ line_id: '1', sku: 'MUG', quantity: 'two of Ada', unit_price: '12.90' }] };
    partner.directory.put('orders/a.json', JSON.stringify({ format: 'orders/1', orders: [mugOrder('1'), bad, mugOrder('2')] }));
    const { ids, unreadable } = await pullAll(channel);
    expect(ids).toEqual(['1', '2']);
    expect(unreadable.map(({ id, reason }) => [id, reason])).toEqual([['bad', 'a.json: orders[1].lines[0].quantity: a whole number']]);
  });

  test.each([
    ['an amount that is a number', { total: 25.8 }, 'orders[0].total'],
    ['an amount finer than its currency', { total: '25.801' }, 'orders[0].total: an amount of EUR has not so many decimals'],
    ['a time without a zone', { placed_at: '2026-10-25T02:30:00' }, 'orders[0].placed_at'],
    ['no total', { total: undefined }, 'orders[0].total: missing'],
    [
      'two lines of one id',
      { lines: ['MUG', 'TEA'].map((sku) => ({ line_id: '1', sku, quantity: 1, unit_price: '1.00' })) },
      'orders[0].lines[1].line_id: a line id that another line has',
    ],
  ])('%s is refused', async (_title, change, reason) => {
    const { channel, partner } = givenFolder();
    partner.directory.put('orders/a.json', JSON.stringify({ format: 'orders/1', orders: [{ ...mugOrder('1'), ...change }] }));
    const { ids, unreadable } = await pullAll(channel);
    expect([ids, unreadable.map((one) => one.reason)]).toEqual([[], [expect.stringContaining(`a.json: ${reason}`)]]);
  });

  test.each([
    ['a file that breaks off', '{"format":"orders/1","orders":[{"order_id"', 'not JSON, or not whole'],
    ['a file of another kind', '{"format":"invoices/1","orders":[]}', 'format'],
    ['a file that is not UTF-8', Uint8Array.from([0x7b, 0xe4, 0x7d]), 'not utf-8'],
  ])('%s is told by its name', async (_title, content, reason) => {
    const { channel, partner } = givenFolder();
    partner.directory.put('orders/a.json', content);
    partner.directory.put('orders/b.json', orderText(mugOrder('1')));
    const { ids, unreadable } = await pullAll(channel);
    expect([ids, unreadable.map(({ id, reason: why }) => [id, why])]).toEqual([['1'], [['file:a.json', expect.stringContaining(reason)]]]);
  });

  test('is told once, and is an order when the partner sends it right', async () => {
    const { channel, clock, partner } = givenFolder();
    partner.directory.put('orders/a.json', JSON.stringify({ format: 'orders/1', orders: [{ ...mugOrder('1'), currency: 'euro' }] }));
    const first = await pullAll(channel);
    const again = await pullAll(channel, first.cursor);
    clock.advanceTo('2026-11-21T10:00:00.000Z');
    partner.directory.put('orders/b.json', orderText(mugOrder('1', { updated_at: clock.now() })));
    const last = await pullAll(channel, again.cursor);
    expect([first.unreadable.length, again.unreadable.length, last.ids]).toEqual([1, 0, ['1']]);
  });
});

test('a byte order mark and lines that end in CR LF are no part of the first word', async () => {
  const { channel, partner } = givenFolder();
  const text = JSON.stringify({ format: 'orders/1', orders: [mugOrder('1')] }, null, 2).replaceAll('\n', '\r\n');
  partner.directory.put('orders/a.json', `\uFEFF${text}`);
  expect((await pullAll(channel)).ids).toEqual(['1']);
});

test('charges that are no goods say what they are, and a total that the parts do not come to shows the difference', async () => {
  const { channel, partner } = givenFolder();
  const lines = [
    { line_id: '1', sku: 'MUG', kind: 'product', quantity: 2, unit_price: '12.90', discount: '0.80' },
    { line_id: '2', kind: 'gift-wrap', title: 'Ribbon', quantity: 1, unit_price: '1.50' },
  ] as const;
  partner.directory.put(
    'orders/a.json',
    orderText(mugOrder('right', { lines: [...lines], shipping: '4.90', total: '31.40' }), mugOrder('wrong', { total: '26.00' })),
  );
  const [right, wrong] = (await pullAll(channel)).orders.map(({ order }) => order);
  expect(right && [right.lines.map(({ cause }) => cause), centsProof(right).explained]).toEqual([[undefined, 'gift-wrap'], true]);
  expect(wrong && centsProof(wrong).difference.minor).toBe(20);
});

test('an order on account may be shipped, one that is not paid may not yet', async () => {
  const { channel, partner } = givenFolder();
  partner.directory.put(
    'orders/a.json',
    orderText(
      mugOrder('1', { payment: 'on-account' }),
      mugOrder('2', { payment: 'unpaid' }),
      mugOrder('3', { payment: 'half', secured: '10.00' }),
    ),
  );
  expect((await pullAll(channel)).orders.map(({ order }) => order.payment.secured.minor)).toEqual([2580, 0, 1000]);
});
