import { epochMs, provedAbsentRef, type Clock, type ConnectorFault, type EffectMemo, type EffectRefs } from '@quartermaster/domain';

/** What is saved of a purchase that is on its way: see {@link purchaseDoubt}. */
export type PurchaseDoubt = {
  /** Saves, before a purchase is sent, that it is; here as below together with what else must be known of it. */
  readonly sending: (memo: EffectMemo, more?: EffectRefs) => Promise<void>;
  /** Saves that an answer did not come, or did not tell what became of the purchase: from now on it is waited for. */
  readonly unanswered: (memo: EffectMemo, more?: EffectRefs) => Promise<void>;
  /** Saves that nothing is under way: the vendor said that the purchase came to nothing. */
  readonly settled: (memo: EffectMemo, more?: EffectRefs) => Promise<void>;
  /** One of the two above, by what the fault of a purchase says of its outcome. */
  readonly failed: (memo: EffectMemo, fault: ConnectorFault) => Promise<void>;
  /** When the purchase that may be under way was sent; null when none is, or when a person has found since then that it came to nothing. */
  readonly sentAt: (refs: EffectRefs) => string | null;
  /**
   * Milliseconds until a purchase that was sent and not answered can be taken as not made; 0 when none is under way. To be asked before the vendor is, so that what was seen there is not older than
   * the verdict.
   */
  readonly settlesInMs: (refs: EffectRefs, memo: EffectMemo) => Promise<number>;
};

/**
 * Keeps, in the references of an intent, whether a purchase may still come true (facts/carriers.md section 4). `settlesMs` is the time after which a request that was not answered has surely come to
 * its end at the vendor. It is counted from the moment at which the purchase was found unanswered, not from sending: a process or a network that stands still in between would use the time up. After
 * a crash that moment is the first look.
 */
export function purchaseDoubt({ clock, settlesMs }: { readonly clock: Clock; readonly settlesMs: number }): PurchaseDoubt {
  const unanswered = (memo: EffectMemo, more: EffectRefs = {}) => memo.saveRefs({ ...more, [openRef]: clock.now() });
  const settled = (memo: EffectMemo, more: EffectRefs = {}) => memo.saveRefs({ ...more, [sentRef]: '', [openRef]: '' });
  const sentAt = (refs: EffectRefs) => {
    const sent = refs[sentRef] ?? '';
    const absentAt = refs[provedAbsentRef] ?? '';
    return sent === '' || (absentAt !== '' && epochMs(absentAt) >= epochMs(sent)) ? null : sent;
  };
  return {
    sending: (memo, more = {}) => memo.saveRefs({ ...more, [sentRef]: clock.now(), [openRef]: '' }),
    unanswered,
    settled,
    failed: (memo, fault) => (fault.facts.outcome === 'unknown' ? unanswered(memo) : settled(memo)),
    sentAt,
    async settlesInMs(refs, memo) {
      if (sentAt(refs) === null) return 0;
      const openSince = refs[openRef] ?? '';
      if (openSince !== '') return Math.max(0, epochMs(openSince) + settlesMs - epochMs(clock.now()));
      await unanswered(memo);
      return settlesMs;
    },
  };
}

/** When the purchase was sent (empty: none is under way), and since when it is known to be unanswered (empty: not yet). */
const sentRef = 'purchaseSentAt';
const openRef = 'purchaseOpenSince';
