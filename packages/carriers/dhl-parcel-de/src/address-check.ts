import { isFault, localDate, type Address, type AddressVerdict, type Clock } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { isDone, itemWords, notDone, type Redact } from './faults.ts';
import { dhlZone, paths, standardProfile } from './limits.ts';
import { consigneeOf, isGerman, shipperOf } from './party.ts';
import type { DraftGiven } from './shipment-draft.ts';
import { wireOrdersSchema } from './wire.ts';

export type CheckGiven = Pick<DraftGiven, 'profile'> & {
  readonly client: DhlClient;
  readonly clock: Clock;
  /** Of `V01PAK`. */
  readonly billingNumber: string;
};

const operation = 'address.check';

/**
 * Asks whether DHL's routing knows a German address: a dry run (`validate`) of a parcel from there to there that has to be routable (`mustEncode`). DHL knows no other country's addresses, and neither
 * corrects one nor says who lives there.
 */
export async function checkAddress(
  { client, clock, billingNumber, profile }: CheckGiven,
  address: Address,
  redact: Redact,
): Promise<AddressVerdict> {
  const verdict = (kind: AddressVerdict['kind'], ...messages: string[]): AddressVerdict => ({
    kind,
    suggested: null,
    isResidential: null,
    messages,
  });
  if (!isGerman(address)) return verdict('unsupported', 'DHL Parcel DE checks addresses of Germany alone.');
  const shipment = {
    product: 'V01PAK',
    billingNumber,
    refNo: 'QM address check',
    shipDate: localDate(clock.now(), dhlZone),
    shipper: shipperOf(address, operation),
    consignee: consigneeOf(address, { tellsRecipient: true, operation }),
    details: { weight: { uom: 'g', value: 1_000 } },
  };
  try {
    const reply = await client.call({
      operation,
      method: 'POST',
      path: `${paths.shipping}/orders?validate=true&mustEncode=true`,
      body: { profile: profile ?? standardProfile, shipments: [shipment] },
      kind: 'read',
      redact,
    });
    const [item] = readReply(wireOrdersSchema, reply, operation).items;
    if (item === undefined || isDone(item)) return verdict('valid');
    const words = redact(itemWords(item));
    if (!isAboutAddress(words))
      throw notDone('invalid-request', operation, words, 'Look at the billing number and the rights of the user.');
    return verdict('invalid', words);
  } catch (error) {
    if (!isFault(error) || error.facts.status !== 400 || !isAboutAddress(error.facts.message)) throw error;
    return verdict('invalid', error.facts.message);
  }
}

/** DHL names the property that it refuses; these are not of the address. */
function isAboutAddress(words: string): boolean {
  return !/\b(billingNumber|product|profile|shipDate|details|refNo)\b/i.test(words);
}
