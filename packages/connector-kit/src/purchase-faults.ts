import { ConnectorFault, formatMoney, type FaultCode, type Label, type Money, type Reconciled } from '@quartermaster/domain';
import { notDoneBy } from './not-done.ts';

/** The faults of a label's purchase that are the same with every carrier, in the same words. */
export type PurchaseFaults = {
  /** Surely not bought, and not to be tried again as it is. */
  readonly refused: (message: string, advice: string) => ConnectorFault;
  /** An earlier purchase of the key may come true in the next `waitMs` milliseconds. */
  readonly stillUnderWay: (what: string, waitMs: number) => ConnectorFault;
  /** An earlier purchase of the key waits for a person, who finds in `check` what to look up. */
  readonly notClearedUp: (check: string) => ConnectorFault;
  /** The label of the key was bought and then voided: the key is used up. */
  readonly givenBack: () => ConnectorFault;
  /** The purchase was answered with less than a label; `what` is missing. */
  readonly incomplete: (what: string) => ConnectorFault;
  /** The label that an earlier purchase of the key made, or a new one where it surely made none. Throws while that is open. */
  readonly foundOr: (seen: Reconciled<Label>, buyNew: () => Promise<Label>) => Promise<Label>;
  /** Throws `refused` where the price is above its limit or in another currency. */
  readonly checkPrice: (price: Money, limit: Money | null) => void;
};

export function purchaseFaults(connector: string, operation: string): PurchaseFaults {
  const refused = (message: string, advice: string) => notDoneBy(connector)('refused', operation, message, advice);
  const unknown = (code: FaultCode, facts: Pick<ConnectorFault['facts'], 'retry' | 'message'> & { readonly advice: string }) =>
    new ConnectorFault(code, { connector, operation, outcome: 'unknown', ...facts });
  const stillUnderWay = (message: string, waitMs: number) =>
    unknown('conflict', { retry: { kind: 'after', ms: waitMs }, message, advice: 'It is decided when that purchase is settled.' });
  const notClearedUp = (check: string) =>
    unknown('conflict', { retry: { kind: 'never' }, message: 'an earlier purchase of this key is not cleared up', advice: check });
  return {
    refused,
    stillUnderWay,
    notClearedUp,
    async foundOr(seen, buyNew) {
      switch (seen.kind) {
        case 'found':
          return seen.result;
        case 'absent':
          return buyNew();
        case 'pending':
          throw stillUnderWay('an earlier purchase of this key may still come true', seen.afterMs);
        case 'cannot-tell':
          throw notClearedUp(seen.check);
      }
    },
    givenBack: () =>
      notDoneBy(connector)(
        'conflict',
        operation,
        'the label of this key was bought and then given back',
        'Ask for another label under a key of its own.',
      ),
    incomplete: (what) =>
      unknown('malformed-reply', {
        retry: { kind: 'safely' },
        message: `the answer to the purchase has no ${what}`,
        advice: 'The label is looked up before anything else.',
      }),
    checkPrice(price, limit) {
      if (limit === null) return;
      if (limit.currency !== price.currency)
        throw refused(
          `the price is in ${price.currency} and its limit in ${limit.currency}`,
          'Give the limit in the currency of the labels.',
        );
      if (price.minor > limit.minor)
        throw refused(
          `the label costs ${formatMoney(price)}, more than its limit of ${formatMoney(limit)}`,
          'Raise the limit, or choose another service.',
        );
    },
  };
}
