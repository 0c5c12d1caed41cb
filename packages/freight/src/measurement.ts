import { compareText } from '@quartermaster/domain';
import type { Accrual } from './accrual.ts';
import type { InvoiceLine } from './invoice-line.ts';
import { normalZone } from './tracking-number.ts';
import { byInvoice, type Measurement } from './variance.ts';

/** What the carrier measured, by the last invoice that says so; on one invoice a correction says more than the charge that it corrects. */
export function measurementOf(accrual: Accrual, lines: readonly InvoiceLine[], slackGrams: number): Measurement {
  const isCorrection = (line: InvoiceLine) => line.class === 'weight-correction' || line.class === 'zone-correction';
  const latest = lines.toSorted(
    (a, b) => compareText(b.invoiceDay, a.invoiceDay) || Number(isCorrection(b)) - Number(isCorrection(a)) || byInvoice(a, b),
  );
  // A correction of one day that is for other lines of it: take the largest weight, so that it does not depend on ids.
  const [weighed] = latest.filter(({ billedGrams }) => billedGrams !== null);
  const billedGrams =
    weighed === undefined
      ? null
      : Math.max(
          ...latest
            .filter((line) => line.invoiceDay === weighed.invoiceDay && isCorrection(line) === isCorrection(weighed))
            .map((line) => line.billedGrams ?? 0),
        );
  const zoneBilled = latest.find(({ zone }) => zone !== null)?.zone ?? null;
  const billedZone = zoneBilled === null ? null : normalZone(zoneBilled);
  const expectedZone = accrual.zone === null ? null : normalZone(accrual.zone);
  const expectedGrams = accrual.billableGrams ?? accrual.grams;
  return {
    expectedGrams,
    billedGrams,
    expectedZone,
    billedZone,
    weightDiffers: billedGrams !== null && Math.abs(billedGrams - expectedGrams) > slackGrams,
    zoneDiffers: billedZone !== null && expectedZone !== null && billedZone !== expectedZone,
  };
}
