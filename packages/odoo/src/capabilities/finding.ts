/** What is wrong, or worth knowing, and what to do about it. */
export type Finding = {
  /** What the finding is about, such as `right-missing`: the same in every version. */
  readonly code: FindingCode;
  /** `blocks`: something of the daily work fails or comes out wrong. `warns`: it works, but not as people will expect. `tells`: worth knowing. */
  readonly severity: 'blocks' | 'warns' | 'tells';
  /** One sentence. */
  readonly what: string;
  /** What to do, one sentence; empty when there is nothing to do. */
  readonly todo: string;
};

export const findingCodes = [
  'cannot-tell',
  'drift',
  'version-unknown',
  'right-missing',
  'email-missing',
  'app-missing',
  'warehouse-missing',
  'route-missing',
  'service-missing',
  'digits-too-few',
  'auto-batch',
  'delivery-steps',
  'reservation-method',
  'single-location',
  'release-module',
  'text-messages',
  'several-companies',
  'negative-stock',
  'over-reserved',
  'barcode-missing',
  'barcode-twice',
  'weight-missing',
  'unit-not-whole',
  'kit-empty',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** The finding as people read it. */
export function sentenceOf({ what, todo }: Finding): string {
  return todo === '' ? `${what}.` : `${what}: ${todo}.`;
}
