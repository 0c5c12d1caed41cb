import { sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { describe, expect, test } from 'vitest';
import { generateDay } from './generated-day.ts';
import { createSandboxes, type SandboxesOptions } from './sandboxes.ts';
import { trickleOf } from './trickle.ts';
import type { OrderEvent } from './world.ts';

const world = generateDay({ seed: 7, orders: 80 });

describe('the control', () => {
  test('lets every event of the day happen once, however often the clock is put to the same time', async () => {
    const { control } = createSandboxes(options());

    const first = await control.advanceTo(world.endsAt);
    const again = await control.advanceTo(world.endsAt);

    expect(first.applied).toEqual(world.events.map((event) => event.id));
    expect(again.applied).toEqual([]);
  });

  test('comes to the same end in one step and in many', async () => {
    const inOne = createSandboxes(options()).control;
    const inMany = createSandboxes(options()).control;

    await inOne.advanceTo(world.endsAt);
    for (const wave of [...world.waves, world.endsAt]) await inMany.advanceTo(wave);

    expect(await inMany.snapshot()).toEqual(await inOne.snapshot());
  });

  test('never puts the clock back', async () => {
    const { control } = createSandboxes(options());
    const [first = '', second = ''] = world.waves;
    await control.advanceTo(second);

    expect(await control.advanceTo(first)).toEqual({ now: second, applied: [] });
  });

  test('gives an event that is applied late the time of its application', async () => {
    const clock = virtualClock(world.startsAt);
    const { control } = createSandboxes({ ...options(), clock });
    clock.advanceTo(world.endsAt);

    await control.advanceTo(world.endsAt);

    const webhooks = await control.takeWebhooks();
    expect(new Set(webhooks.map(({ headers }) => headers['x-shopify-triggered-at']))).toEqual(new Set([`${world.endsAt.slice(0, 19)}Z`]));
  });

  test('lets what is later wait even when somebody has passed the time, so that slow calls do not change a day', async () => {
    const { control } = createSandboxes(options());
    await control.passTime(world.endsAt);

    const { applied, now } = await control.advanceTo(world.startsAt);

    expect(applied).toEqual([]);
    expect(now).toBe(world.endsAt);
  });

  test('lets more happen than the world foresaw', async () => {
    const { control } = createSandboxes(options());
    const [more] = trickleOf(world).take(1);

    await control.happen(more?.events ?? []);

    expect(Object.keys((await control.snapshot()).orders)).toEqual(more?.events.map((event) => event.id));
  });
});

describe('the books at the end of a day on which nobody worked', () => {
  test('have every order in its shop, the cancelled ones cancelled, the unpaid ones unpaid', async () => {
    const { control } = createSandboxes(options());
    await control.advanceTo(world.endsAt);

    const { orders } = await control.snapshot();

    const placed = world.events.filter((event): event is OrderEvent => event.kind === 'order');
    const cancelled = world.events.flatMap((event) => (event.kind === 'cancel' ? [event.order] : []));
    const pending = placed.flatMap(({ order }) => (order.trouble === 'payment-pending' ? [order.id] : []));
    expect(Object.keys(orders).sort()).toEqual(placed.map(({ order }) => order.id).sort());
    expect(
      Object.keys(orders)
        .filter((id) => orders[id]?.cancelled === true)
        .sort(),
    ).toEqual(cancelled.sort());
    expect(
      Object.keys(orders)
        .filter((id) => orders[id]?.financialStatus === 'PENDING')
        .sort(),
    ).toEqual(pending.sort());
  });

  test('have the stock of the morning and the goods receipt, and neither deliveries nor labels', async () => {
    const { control } = createSandboxes(options());
    await control.advanceTo(world.endsAt);

    const { stock, erpOrders, labels } = await control.snapshot();

    const received = [...world.stock, ...world.events.filter((event) => event.kind === 'receipt')];
    const expected = Object.fromEntries(
      world.nodes.map(({ id }) => [
        id,
        { onHand: received.filter(({ node }) => node === id).reduce((sum, { units }) => sum + units, 0), reserved: 0 },
      ]),
    );
    expect(stock).toEqual(expected);
    expect(erpOrders).toEqual({});
    expect(labels).toEqual({});
  });
});

test('the same calls fail for the same seed', async () => {
  const outcomes = async (): Promise<string[]> => {
    const { apps } = createSandboxes({ ...options(), faults: { share: 0.5, seed: 7 } });
    const fetch = sandboxFetch({ 'http://easypost.test': apps['easypost'] ?? notThere });
    const results: string[] = [];
    for (let call = 0; call < 30; call++) {
      results.push(
        await fetch('http://easypost.test/v2/shipments').then(
          ({ status }) => String(status),
          () => 'broken',
        ),
      );
    }
    return results;
  };

  const first = await outcomes();

  expect(await outcomes()).toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(3);
});

function options(): SandboxesOptions {
  return { world, clock: virtualClock(world.startsAt), odooVersion: 17 };
}

async function notThere(): Promise<Response> {
  return new Response(null, { status: 404 });
}
