/**
 * How an operation is kept from happening twice. `key`: the vendor keeps an idempotency key of ours. `natural`: doing it twice is the same as once. `claim`: a unique record
 * is taken together with the effect, so the second try finds the first. `read-back`: nothing protects it, so after an unknown outcome it is looked up before anything else.
 */
export type Safety = 'key' | 'natural' | 'claim' | 'read-back';

/** Ids that a connector learnt half-way through an effect and needs to find out later what became of it, such as an EasyPost shipment's id. */
export type EffectRefs = Readonly<Record<string, string>>;

/**
 * Under this name the journal keeps, among the refs of an intent, when a person said to have looked outside and to have found nothing of what was sent before: where nothing but a person can tell
 * (`cannot-tell`), the connector hears it by this.
 */
export const provedAbsentRef = 'provedAbsentAt';

/** The journal's side of an effect in flight: what a connector must be able to write down before it goes on. */
export type EffectMemo = {
  /** Idempotency key of the intent: the same on every attempt. */
  readonly key: string;
  /** What earlier attempts of the same intent saved. */
  readonly refs: EffectRefs;
  /** Returns once the refs are durable; later refs are added to earlier ones. */
  saveRefs(refs: EffectRefs): Promise<void>;
  /** Stores the raw answer of something that cost money, before it is parsed. */
  saveRaw(answer: string): Promise<void>;
  /** What attempts of the same intent stored so, oldest first: where the process died before it read them, they are all that there is. Personal data; empty once its subject was erased. */
  rawAnswers(): Promise<readonly string[]>;
};

/** What a look-up found out about an effect whose outcome was unknown. */
export type Reconciled<Result> =
  | { readonly kind: 'found'; readonly result: Result }
  /** Surely not there: the effect may be made again. */
  | { readonly kind: 'absent' }
  /** The vendor is still at it: look again later. */
  | { readonly kind: 'pending'; readonly afterMs: number }
  /** Nobody but a person can tell; `check` says what to look at. */
  | { readonly kind: 'cannot-tell'; readonly check: string };

/**
 * Something that a vendor can be made to do, where it has such a thing. `safety` says how it is kept from happening twice; after an outcome that is not known `find` looks whether it
 * happened. Both throw a `ConnectorFault` when the vendor cannot be reached, refuses, or answers nonsense.
 */
export type ConnectorOperation<Request, Result> = {
  readonly safety: Safety;
  make(request: Request, memo: EffectMemo): Promise<Result>;
  find(request: Request, memo: EffectMemo): Promise<Reconciled<Result>>;
};
