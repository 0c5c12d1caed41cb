import { compareText, addDays, daysBetween, money, type Money } from '@quartermaster/domain';
import type { AuditedShipment, FreightAudit } from './audit.ts';
import { auditSettingsSchema, type AuditSettingsInput } from './settings.ts';
import { normalTrackingNumber } from './tracking-number.ts';
import { minorSum } from './variance.ts';

/** A parcel that came after the day that the carrier named. */
export type LateDelivery = {
  readonly accrualId: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly promisedOn: string;
  readonly deliveredOn: string;
  readonly daysLate: number;
  readonly isGuaranteed: boolean;
  /** What was billed for the transport and its fuel, less the credits that came already; 0 where nothing was guaranteed. */
  readonly refundable: Money;
  /** Last day for the claim. */
  readonly claimUntil: string;
};

/**
 * The late deliveries of an audit. Days of delivery are those of the invoices, or of tracking where it is given, by tracking number as the accruals have it. The soonest deadline comes first.
 */
export function lateDeliveries(
  { shipments }: FreightAudit,
  settings: AuditSettingsInput = {},
  deliveredOn: ReadonlyMap<string, string> = new Map(),
): LateDelivery[] {
  const { lateClaimDays, lateClaimDaysOtherwise } = auditSettingsSchema.parse(settings);
  return shipments
    .flatMap((shipment) => {
      const { accrual, lines } = shipment;
      const { promisedOn, trackingNumber } = accrual;
      const delivered = deliveredOn.get(trackingNumber) ?? deliveryDayOf(shipment);
      const carrier = lines[0]?.carrier ?? accrual.carrier;
      if (promisedOn === null || delivered === null || delivered <= promisedOn) return [];
      return [
        {
          accrualId: accrual.id,
          carrier,
          trackingNumber,
          promisedOn,
          deliveredOn: delivered,
          daysLate: daysBetween(promisedOn, delivered),
          isGuaranteed: accrual.isGuaranteed,
          refundable: refundableOf(shipment),
          claimUntil: addDays(promisedOn, lateClaimDays[carrier] ?? lateClaimDaysOtherwise),
        },
      ];
    })
    .sort((a, b) => compareText(a.claimUntil, b.claimUntil) || compareText(a.accrualId, b.accrualId));
}

function deliveryDayOf({ lines, accrual }: AuditedShipment): string | null {
  const own = normalTrackingNumber(accrual.trackingNumber);
  // A line that was found by its shipment's number may be of another parcel.
  const days = lines
    .filter((line) => line.trackingNumber === own || line.trackingAliases.some((alias) => alias === own))
    .flatMap((line) => line.deliveredOn ?? []);
  // A parcel has one delivery: where invoices name two days, the later one corrects the earlier.
  return days.toSorted(compareText).at(-1) ?? null;
}

function refundableOf({ accrual, lines, billed }: AuditedShipment): Money {
  const own = lines.filter(({ charge }) => charge.amount.currency === billed.currency);
  const transport = own.filter((line) => ['base', 'fuel', 'weight-correction', 'zone-correction', 'credit'].includes(line.class));
  return money(accrual.isGuaranteed ? Math.max(0, minorSum(transport)) : 0, billed.currency);
}
