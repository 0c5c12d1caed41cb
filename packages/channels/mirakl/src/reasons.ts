import { beforeTheEffect } from '@quartermaster/connector-kit';
import type { CancelReason, RefundReason } from '@quartermaster/domain';
import { notDone, type MiraklClient } from './client.ts';
import { reasonsSchema, type WireReason } from './wire-operations.ts';

/** The operator's code of each of our reasons, where the connection says so. */
export type ReasonCodes = {
  readonly cancel?: Readonly<Partial<Record<CancelReason, string>>>;
  readonly refund?: Readonly<Partial<Record<RefundReason, string>>>;
};

export type Reasons = {
  cancel(reason: CancelReason): Promise<string>;
  refund(reason: RefundReason): Promise<string>;
};

/**
 * Codes of reasons. Each operator has a list of his own (RE01), in his words: a code that the connection names, otherwise one whose English label speaks of it, otherwise the first that shops may
 * use. The list is asked for once.
 */
export function reasonReading(client: MiraklClient, own: ReasonCodes): Reasons {
  let known: Promise<readonly WireReason[]> | null = null;

  async function list(): Promise<readonly WireReason[]> {
    known ??= beforeTheEffect(() =>
      client.call(
        { operation: 'reasons.read', limit: 'page', method: 'GET', path: '/api/reasons', query: [['locale', 'en_US']], kind: 'read' },
        reasonsSchema,
      ),
    ).then(({ reasons }) => reasons);
    try {
      return await known;
    } catch (error) {
      known = null;
      throw error;
    }
  }

  async function codeOf(type: string, label: RegExp): Promise<string> {
    const ofType = (await list()).filter((reason) => reason.type === type && reason.is_shop_right !== false);
    const code = (ofType.find((reason) => label.test(reason.label)) ?? ofType[0])?.code;
    if (code !== undefined) return code;
    throw notDone(
      'misconfigured',
      'reasons.read',
      `the operator has no reason of type ${type} that shops may use`,
      'Ask the operator for one.',
    );
  }

  return {
    cancel: async (reason) => own.cancel?.[reason] ?? codeOf('CANCELATION', cancelLabels[reason]),
    refund: async (reason) => own.refund?.[reason] ?? codeOf('REFUND', refundLabels[reason]),
  };
}

const cancelLabels: Readonly<Record<CancelReason, RegExp>> = {
  customer: /customer|client|buyer|mind/i,
  'out-of-stock': /stock|availab/i,
  fraud: /fraud|payment/i,
  address: /address/i,
  price: /price|pricing/i,
  other: /other/i,
};

const refundLabels: Readonly<Record<RefundReason, RegExp>> = {
  returned: /return/i,
  cancelled: /cancel/i,
  lost: /not received|lost|delivery/i,
  damaged: /damage|defect|broken|faulty/i,
  goodwill: /goodwill|gesture|compensation/i,
  price: /price|pricing/i,
  other: /other/i,
};
