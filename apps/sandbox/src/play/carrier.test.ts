import { sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { destinationOf, plainDelivery, type Address } from '@quartermaster/domain';
import { easypostCarrier } from '@quartermaster/easypost';
import { priceParcel } from '@quartermaster/parcels';
import { expect, test } from 'vitest';
import { generateDay } from '../generated-day.ts';
import type { World } from '../world.ts';
import { apiCarrier, openCarrier, serviceMapOf } from './carrier.ts';

const world = generateDay({ seed: 7, orders: 40 });

test('EasyPost quotes what the tariff says for the very way and weight, to a cent', async () => {
  const { carrier, tariff } = connected(world);

  for (const { from, to, grams } of ways(world)) {
    const answer = await carrier.rates({
      shipFrom: from,
      shipTo: to,
      parcel: parcelOf(grams),
      shipAt: world.startsAt,
      currency: 'EUR',
      delivery: plainDelivery,
    });

    const off = tariff.services.map((service) => {
      const expected = priceParcel(tariff, service.id, {
        from: destinationOf(from),
        to: destinationOf(to),
        parcel: { grams, millimetres: null },
        date: world.date,
      });
      const quoted = answer.rates.find((rate) => rate.service === service.id);
      return expected.kind === 'priced' && quoted !== undefined ? Math.abs(expected.total.minor - quoted.total.minor) : Infinity;
    });
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
  }
});

test('quotes that are asked for at the same time do not get one another’s prices', async () => {
  const { carrier } = connected(world);
  const asked = ways(world).slice(0, 12);
  const quote = ({ from, to, grams }: (typeof asked)[number]) =>
    carrier.rates({
      shipFrom: from,
      shipTo: to,
      parcel: parcelOf(grams),
      shipAt: world.startsAt,
      currency: 'EUR',
      delivery: plainDelivery,
    });

  const together = await Promise.all(asked.map(quote));

  for (const [index, way] of asked.entries()) expect(together[index]?.rates).toEqual((await quote(way)).rates);
});

test('a parcel that is too heavy for the carrier gets its refusal, not a price', async () => {
  const { carrier } = connected(world);
  const [way] = ways(world);
  if (way === undefined) throw new RangeError('a day has orders');

  const answer = await carrier.rates({
    shipFrom: way.from,
    shipTo: way.to,
    parcel: parcelOf(40_000),
    shipAt: world.startsAt,
    currency: 'EUR',
    delivery: plainDelivery,
  });

  expect(answer.rates).toEqual([]);
  expect(answer.problems).not.toEqual([]);
});

function connected(given: World) {
  const clock = virtualClock(given.startsAt);
  const { app } = openCarrier(given, { apiKey: 'key' }, clock);
  const tariff = given.carriers.find(({ connection }) => connection === apiCarrier)?.tariff;
  if (tariff === undefined) throw new RangeError('the day has a carrier with an API');
  const carrier = easypostCarrier({
    connection: apiCarrier,
    apiKey: 'key',
    baseUrl: 'http://easypost.test',
    currency: given.currency,
    serviceMap: serviceMapOf(given),
    clock,
    random: () => 0,
    fetch: sandboxFetch({ 'http://easypost.test': app }),
  });
  return { carrier, tariff };
}

/** From each warehouse to some customers, with weights that fall between tenths of ounces. */
function ways(given: World): { from: Address; to: Address; grams: number }[] {
  const customers = given.events.flatMap((event) =>
    event.kind === 'order' && event.order.shipTo !== null && event.order.trouble === null ? [event.order.shipTo] : [],
  );
  return given.nodes.flatMap((node) => customers.slice(0, 15).map((to, index) => ({ from: node.address, to, grams: 137 + index * 1_511 })));
}

function parcelOf(grams: number) {
  return { number: 1, grams, millimetres: null, items: [{ lineId: '1', sku: 'COF-10', units: 1 }] };
}
