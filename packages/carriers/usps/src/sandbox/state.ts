import { addDays, epochMs, instantAt, localDate, type Clock, type Instant } from '@quartermaster/domain';
import type { LabelBody } from './requests.ts';
import type { Quoted } from './tariff.ts';
import { trackingNumberOf } from './tracking-number.ts';

/** What a purchase does instead of going well, by the sandbox's own plan. */
export type PurchaseTrouble =
  /** USPS refuses, nothing is made. */
  | 'refused'
  /** HTTP 503, nothing is made. */
  | 'failed'
  /** HTTP 503, and the label is made. */
  | 'failed-made'
  /** HTTP 503, and the label is made 45 seconds later. */
  | 'late';

export type Scan = 'accepted' | 'delivered';

export type StoredLabel = {
  readonly trackingNumber: string;
  readonly body: LabelBody;
  readonly isReturn: boolean;
  readonly price: Quoted;
  readonly madeAt: Instant;
  readonly scans: { readonly what: Scan; readonly at: Instant }[];
  mailingDate: string;
  standing: 'bought' | 'canceled' | 'disputed';
  disputedOn: string | null;
  /** Number of the SCAN form that it is on, and when that was made. */
  form: { readonly efn: string; readonly at: Instant } | null;
  reprints: number;
};

export type StoredPickup = {
  readonly confirmation: string;
  readonly address: string;
  readonly date: string;
  tag: string | null;
  isCancelled: boolean;
};

const tokenLifeMs = 28_799_000;
const paymentLifeMs = 8 * 3_600_000;
const lateMs = 45_000;
const manifestMs = 15 * 60_000;
const central = 'America/Chicago';

export type UspsState = ReturnType<typeof uspsState>;

/** All that the sandbox remembers. */
export function uspsState({ clock, mid }: { readonly clock: Clock; readonly mid: string }) {
  const labels: StoredLabel[] = [];
  const byKey = new Map<string, { readonly words: string; readonly label: StoredLabel }>();
  const late: { readonly at: number; readonly make: () => void }[] = [];
  const tokens = new Map<string, number>();
  const payments = new Map<string, number>();
  const pickups: StoredPickup[] = [];
  let forms = 0;
  const nowMs = () => epochMs(clock.now());

  /** Lets come true what was due by now. */
  function settle(): void {
    while (late[0] !== undefined && late[0].at <= nowMs()) late.shift()?.make();
  }

  function make(draft: Draft): StoredLabel {
    const known = draft.key === null ? undefined : byKey.get(draft.key);
    if (known !== undefined) return known.label;
    const label: StoredLabel = {
      body: draft.body,
      isReturn: draft.isReturn,
      price: draft.price,
      mailingDate: draft.mailingDate,
      trackingNumber: trackingNumberOf({ serviceType: '055', mid, serial: labels.length + 1 }),
      madeAt: clock.now(),
      scans: [],
      standing: 'bought',
      disputedOn: null,
      form: null,
      reprints: 0,
    };
    labels.push(label);
    if (draft.key !== null) byKey.set(draft.key, { words: draft.words, label });
    return label;
  }

  return {
    grantToken(): { readonly token: string; readonly lifeSeconds: number } {
      const token = `sandbox-token-${tokens.size + 1}`;
      tokens.set(token, nowMs() + tokenLifeMs);
      return { token, lifeSeconds: tokenLifeMs / 1_000 };
    },
    isGoodToken: (token: string) => (tokens.get(token) ?? 0) > nowMs(),
    authorizePayment(): string {
      const token = `sandbox-payment-${payments.size + 1}`;
      payments.set(token, nowMs() + paymentLifeMs);
      return token;
    },
    isGoodPayment: (token: string) => (payments.get(token) ?? 0) > nowMs(),
    granted: () => ({ tokens: tokens.size, payments: payments.size }),
    make,
    makeLater(draft: Draft): void {
      late.push({ at: nowMs() + lateMs, make: () => void make(draft) });
    },
    /** What was bought under a key, and with which words. */
    boughtUnder(key: string): { readonly words: string; readonly label: StoredLabel } | null {
      settle();
      return byKey.get(key) ?? null;
    },
    all(): readonly StoredLabel[] {
      settle();
      return labels;
    },
    byNumber(trackingNumber: string): StoredLabel | null {
      settle();
      return labels.find((label) => label.trackingNumber === trackingNumber) ?? null;
    },
    /** Whether USPS's systems know of it, so that it is not cancelled any more: the night after the day of mailing, or a quarter of an hour after its SCAN form. */
    isManifested({ form, mailingDate }: StoredLabel): boolean {
      if (form !== null) return nowMs() >= epochMs(form.at) + manifestMs;
      return nowMs() >= epochMs(instantAt(addDays(mailingDate, 1), '00:30', central));
    },
    centralDay: () => localDate(clock.now(), central),
    centralTime: () => clock.now() >= instantAt(localDate(clock.now(), central), '02:00', central),
    nextForm(): string {
      forms += 1;
      return `9475${mid.padStart(9, '0')}${String(forms).padStart(9, '0')}`;
    },
    book(address: string, date: string): StoredPickup {
      const pickup: StoredPickup = {
        confirmation: `WTC${String(pickups.length + 1).padStart(8, '0')}`,
        address,
        date,
        tag: null,
        isCancelled: false,
      };
      pickups.push(pickup);
      return pickup;
    },
    pickups: (): readonly StoredPickup[] => pickups,
  };
}

export type Draft = {
  /** The idempotency key, and all that was said under it. */
  readonly key: string | null;
  readonly words: string;
  readonly body: LabelBody;
  readonly isReturn: boolean;
  readonly price: Quoted;
  readonly mailingDate: string;
};
