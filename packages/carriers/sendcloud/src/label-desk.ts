import type { HttpReply } from '@quartermaster/connector-kit';
import type { Clock, EffectRefs, Instant, LabelRequest, Money } from '@quartermaster/domain';
import type { SendcloudClient } from './client.ts';
import type { Redact } from './faults.ts';
import type { Offer } from './options.ts';

/** What is known of a label that was sold. */
export type Sold = {
  /** What it is given back by. */
  readonly ref: string;
  readonly parcelId: number;
  readonly trackingNumber: string;
  readonly trackingUrl: string | null;
  readonly boughtAt: Instant | null;
  /** Base64 of the label where it came along. */
  readonly file: string | null;
  /** Where Sendcloud names it: at returns. */
  readonly cost: Money | null;
};

/** What stands under a reference of ours. */
export type Standing =
  | { readonly kind: 'free' }
  | { readonly kind: 'announcing' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'bought' | 'given-back'; readonly raw: string; readonly sold: Sold }
  /** Only a person can tell. */
  | { readonly kind: 'unclear'; readonly check: string };

/** One of Sendcloud's two ways to a label: shipments go out, returns come back. */
export type LabelDesk = {
  draftOf(
    request: LabelRequest,
    given: { readonly offer: Offer; readonly externalReference: string; readonly key: string },
  ): Readonly<Record<string, unknown>>;
  send(draft: Readonly<Record<string, unknown>>, redact: Redact): Promise<HttpReply>;
  /** What an answer to a purchase says, and what is to be saved of it before anything else is asked. Throws `malformed-reply` for what is none. */
  refsOf(reply: HttpReply): EffectRefs;
  standingAfter(reply: HttpReply, redact: Redact): Promise<Standing>;
  /** Looks for what was bought. `since`: when the purchase was sent, null where that is not known. */
  lookUp(
    externalReference: string,
    given: { readonly refs: EffectRefs; readonly since: Instant | null; readonly redact: Redact },
  ): Promise<Standing>;
};

export type DeskTools = { readonly client: SendcloudClient; readonly clock: Clock };
