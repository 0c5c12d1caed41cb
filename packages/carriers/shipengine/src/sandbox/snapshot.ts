import { sumMoney } from '@quartermaster/domain';
import type { StoredLabel } from './state.ts';

export type SandboxLabel = {
  readonly labelId: string;
  readonly externalId: string;
  readonly serviceCode: string;
  readonly trackingNumber: string;
  readonly priceMinor: number;
  readonly isReturn: boolean;
  readonly isVoided: boolean;
};
export type ShipEngineSnapshot = {
  readonly labels: readonly SandboxLabel[];
  readonly chargedMinor: number;
  readonly givenBackMinor: number;
};

/** What the account has bought and given back. */
export function snapshotOf(stored: readonly StoredLabel[]): ShipEngineSnapshot {
  const labels = stored.map((label): SandboxLabel => {
    const { base, fuel, confirmation, insurance } = label.offer;
    return {
      labelId: label.id,
      externalId: label.externalId,
      serviceCode: label.tariff.serviceCode,
      trackingNumber: label.trackingNumber,
      priceMinor: sumMoney([base, fuel, confirmation, insurance], label.currency).minor,
      isReturn: label.request.is_return_label ?? false,
      isVoided: label.status === 'voided',
    };
  });
  const sum = (some: readonly SandboxLabel[]) => some.reduce((total, { priceMinor }) => total + priceMinor, 0);
  return { labels, chargedMinor: sum(labels), givenBackMinor: sum(labels.filter(({ isVoided }) => isVoided)) };
}
