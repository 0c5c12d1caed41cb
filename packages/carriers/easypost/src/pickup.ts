import { beforeTheEffect, notDoneBy } from '@quartermaster/connector-kit';
import {
  ConnectorFault,
  isFault,
  type Address,
  type BookedPickup,
  type Carrier,
  type Clock,
  type EffectMemo,
  type PickupRequest,
} from '@quartermaster/domain';
import type { EasyPostClient } from './client.ts';
import { addressDraft } from './draft.ts';
import { connector } from './faults.ts';
import { batchPatience } from './limits.ts';
import { problemTexts, priceOf } from './translate.ts';
import type { WirePickup, WirePickupRate } from './wire.ts';

type Redact = (text: string) => string;
type Pickup = NonNullable<Carrier['pickup']>;

/**
 * Books a pickup as a label is bought: made, which is free; its id saved; then bought at its cheapest price by a request that is sent once. A later attempt looks at the saved pickup first.
 * EasyPost takes one shipment or a batch, so several labels are put into a batch before.
 */
export function pickups(tools: {
  readonly client: EasyPostClient;
  readonly clock: Clock;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
}): Pickup {
  const { client, clock, redactorFor } = tools;

  async function made(request: PickupRequest, memo: EffectMemo, redact: Redact): Promise<WirePickup> {
    const [first, ...others] = request.labels;
    if (first === undefined) throw refused('a pickup of no labels was asked for');
    const parcels = others.length === 0 ? { shipment: { id: first.ref } } : { batch: { id: await batchOf(request, memo, redact) } };
    const pickup = await client.createPickup(
      {
        reference: memo.key,
        address: addressDraft(request.at),
        min_datetime: request.from,
        max_datetime: request.until,
        is_account_address: false,
        ...(request.note === null ? {} : { instructions: request.note }),
        ...parcels,
      },
      redact,
    );
    await memo.saveRefs({ [pickupRef]: pickup.id });
    return pickup;
  }

  /** The batch of an earlier attempt or a new one, once EasyPost has put the shipments in. */
  async function batchOf({ labels }: PickupRequest, memo: EffectMemo, redact: Redact): Promise<string> {
    const saved = memo.refs[batchRef];
    let batch =
      saved === undefined
        ? await client.createBatch(
            labels.map(({ ref }) => ref),
            memo.key,
            redact,
          )
        : await client.getBatch(saved, redact);
    await memo.saveRefs({ [batchRef]: batch.id });
    for (let look = 0; batch.state === 'creating' && look < batchPatience.looks; look++) {
      await clock.sleep(batchPatience.waitMs);
      batch = await client.getBatch(batch.id, redact);
    }
    if (batch.state === 'creation_failed') throw refused('EasyPost could not put the labels into a batch');
    if (batch.state === 'creating') throw notReady();
    return batch.id;
  }

  return {
    safety: 'read-back',

    async make(request, memo) {
      const redact = redactorFor(request.at);
      const pickup = await beforeTheEffect(async () => {
        const saved = memo.refs[pickupRef];
        return saved === undefined ? made(request, memo, redact) : client.getPickup(saved, redact);
      });
      if (pickup.status === scheduled) return bookedOf(pickup);
      const rate = cheapest(pickup.pickup_rates);
      if (rate === null) throw refused(['no carrier offers this pickup', ...problemTexts(pickup.messages).map(redact)].join(': '));
      return bookedOf(await client.buyPickup(pickup.id, rate, redact));
    },

    async find(request, memo) {
      const saved = memo.refs[pickupRef];
      if (saved === undefined) return { kind: 'absent' };
      const pickup = await client.getPickup(saved, redactorFor(request.at));
      return pickup.status === scheduled ? { kind: 'found', result: bookedOf(pickup) } : { kind: 'absent' };
    },

    async cancel(ref) {
      try {
        const pickup = await client.cancelPickup(ref, redactorFor());
        return pickup.status === 'canceled' ? { kind: 'voided' } : { kind: 'accepted' };
      } catch (error) {
        if (!isFault(error) || error.code !== 'invalid-request') throw error;
        return { kind: 'refused', reason: error.facts.message };
      }
    },
  };
}

const pickupRef = 'pickupId';
const batchRef = 'batchId';
const scheduled = 'scheduled';

function bookedOf(pickup: WirePickup): BookedPickup {
  const rate = cheapest(pickup.pickup_rates);
  return { ref: pickup.id, price: rate === null ? null : priceOf(rate) };
}

function cheapest(rates: readonly WirePickupRate[]): WirePickupRate | null {
  return rates.reduce<WirePickupRate | null>(
    (best, rate) => (best === null || priceOf(rate).minor < priceOf(best).minor ? rate : best),
    null,
  );
}

function refused(message: string): ConnectorFault {
  return notDoneBy(connector)('refused', 'pickup.book', message, 'Ask for another time, or hand the parcels over.');
}

function notReady(): ConnectorFault {
  return new ConnectorFault('conflict', {
    connector,
    operation: 'pickup.book',
    outcome: 'not-applied',
    retry: { kind: 'after', ms: batchPatience.waitMs },
    message: 'EasyPost is still putting the labels into a batch',
    advice: 'It is asked for again.',
  });
}
