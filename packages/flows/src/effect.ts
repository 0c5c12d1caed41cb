import type { EffectMemo, EffectRefs, Reconciled } from '@quartermaster/domain';
import type { OrderEvent } from '@quartermaster/fulfilment';
import type { Intent, Json, Transaction } from '@quartermaster/journal';
import type { FlowContext } from './context.ts';

/** What came of an effect: what the journal keeps of it, what it means for the order, and what else belongs into the same transaction (personal data into the vault, say). */
export type Achieved = {
  readonly result: Json;
  readonly event: OrderEvent | null;
  readonly keep?: (tx: Transaction) => Promise<void>;
};

/** The vendor took it and works on it: it is looked up after this long. */
export type UnderWay = { readonly underWayMs: number };

/** Ready to go; impossible as things stand, which a person must hear of; or no longer wanted by anybody, so that it is let go in silence. */
export type Prepared<Request> =
  | { readonly kind: 'go'; readonly request: Request }
  | { readonly kind: 'refuse'; readonly reason: string }
  | { readonly kind: 'obsolete'; readonly reason: string };

/**
 * One kind of effect. `prepare` reads all it needs in the transaction that marks the intent as sent; `perform` and `lookUp` speak to the outside and touch no journal but through the
 * memo. None of them decides: they report what happened.
 */
export type Effect<Request> = {
  prepare(tx: Transaction, context: FlowContext, intent: Intent): Promise<Prepared<Request>>;
  perform(context: FlowContext, request: Request, memo: EffectMemo): Promise<Achieved | UnderWay>;
  /** Only for effects that a connector may declare as safe by reading back. */
  lookUp?(context: FlowContext, request: Request, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Achieved>>;
};

/** Binds an effect's request type away, so that effects of all kinds can stand in one table. */
export type AnyEffect = {
  start(tx: Transaction, context: FlowContext, intent: Intent): Promise<Prepared<Started>>;
};
export type Started = {
  perform(memo: EffectMemo): Promise<Achieved | UnderWay>;
  lookUp(refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Achieved>>;
};

export function anyEffect<Request>(effect: Effect<Request>): AnyEffect {
  return {
    async start(tx, context, intent) {
      const prepared = await effect.prepare(tx, context, intent);
      if (prepared.kind !== 'go') return prepared;
      const { request } = prepared;
      return {
        kind: 'go',
        request: {
          perform: (memo) => effect.perform(context, request, memo),
          lookUp: (refs, memo) =>
            effect.lookUp?.(context, request, refs, memo) ??
            Promise.resolve({ kind: 'cannot-tell', check: 'this kind of effect cannot be looked up' }),
        },
      };
    },
  };
}
