import { epochMs, keyText, type Carrier, type ChannelOrder, type ConnectionId } from '@quartermaster/domain';
import { isLive, type KnownAddress, type OrderCase } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { askWithin } from '../ask-within.ts';
import { scopeOf, type FlowContext } from '../context.ts';
import { listCases } from '../order-cases.ts';
import { personOf } from './people.ts';

/**
 * Asks the policy's carriers whether they know the places that orders without a live shipment go to, each place once in {@link goodDays} days, and keeps what they say: the checks of an order go by it.
 * Gives the keys of the orders whose place was answered for. A carrier that is down or slow holds up nobody: what it has not said is asked at the next wave.
 */
export async function askForAddresses(context: FlowContext): Promise<string[]> {
  const { settings, journal, clock } = context;
  const { askedOf, mostAsked, withinSeconds } = settings.checks.carrierAddresses;
  if (askedOf.length === 0) return [];
  let waiting = (await journal.read((tx) => unknownPlaces(tx, context))).slice(0, mostAsked);
  const answered: string[] = [];
  for (const connection of askedOf) {
    const check = context.carriers.get(connection)?.addressCheck;
    if (check === undefined || check === null || waiting.length === 0) continue;
    const left = new Set(waiting);
    const atOnce = settings.carriers.find((each) => each.connection === connection)?.mostAtOnce;
    await askWithin(context, { connection, withinSeconds, atOnce }, waiting, async (place) => {
      const known = await ask(context, { connection, check, place });
      if (known === null || known.kind === 'unsupported') return;
      left.delete(place);
      answered.push(...place.orders);
    });
    context.log({
      at: clock.now(),
      event: 'addresses.asked',
      connection,
      asked: waiting.length,
      answered: waiting.length - left.size,
    });
    waiting = [...left];
  }
  return answered;
}

/** What a carrier has said of the place that an order goes to; null where nobody has, or nobody is asked. */
export async function knownAddress(
  tx: ReadTransaction | Transaction,
  { settings }: Pick<FlowContext, 'settings'>,
  { addressHash }: ChannelOrder,
): Promise<KnownAddress | null> {
  if (addressHash === null || settings.checks.carrierAddresses.askedOf.length === 0) return null;
  return (await tx.records.get(knownAddressKind, nameOf(settings, addressHash), knownSchema))?.body ?? null;
}

/** A place by its hash, with the orders that go there; one of them says where it is. */
type Place = { readonly hash: string; readonly orders: string[]; readonly example: ChannelOrder };

async function unknownPlaces(tx: ReadTransaction, { settings, clock }: FlowContext): Promise<Place[]> {
  const places = new Map<string, Place>();
  const since = epochMs(clock.now()) - goodDays * 86_400_000;
  for (const { case: given } of await listCases(tx, ['held', 'open'])) {
    const { key, order } = given;
    if (order.addressHash === null || order.destination === null || !isUndecided(given)) continue;
    const place = places.get(order.addressHash);
    if (place !== undefined) place.orders.push(key);
    else {
      const known = await tx.records.get(knownAddressKind, nameOf(settings, order.addressHash), knownSchema);
      if (known === null || epochMs(known.changedAt) < since)
        places.set(order.addressHash, { hash: order.addressHash, orders: [key], example: order });
    }
  }
  return [...places.values()];
}

function isUndecided({ shipments }: OrderCase): boolean {
  return !shipments.some(isLive);
}

type Asking = { readonly connection: ConnectionId; readonly check: NonNullable<Carrier['addressCheck']>; readonly place: Place };

async function ask(context: FlowContext, { connection, check, place }: Asking): Promise<KnownAddress | null> {
  const { journal, settings, clock } = context;
  const shipTo = (await journal.read((tx) => personOf(tx, place.example)))?.shipTo ?? null;
  if (shipTo === null) return null;
  const { kind, messages } = await check(shipTo);
  const known = { carrier: connection, kind, messages: [...messages] };
  if (kind === 'unsupported') return known;
  await journal.transaction(async (tx) => {
    const name = nameOf(settings, place.hash);
    const before = await tx.records.get(knownAddressKind, name, knownSchema);
    await tx.records.put(knownAddressKind, name, { state: knownAddressState, body: known, at: clock.now(), version: before?.version ?? 0 });
  });
  return known;
}

function nameOf(settings: FlowContext['settings'], hash: string): string {
  return keyText(scopeOf(settings, '*'), 'address', hash);
}

/** A carrier's word on a place counts so long. */
export const goodDays = 90;
export const knownAddressKind = 'known-address';
export const knownAddressState = 'kept';
const knownSchema = z.object({ carrier: z.string(), kind: z.string(), messages: z.array(z.string()) });
