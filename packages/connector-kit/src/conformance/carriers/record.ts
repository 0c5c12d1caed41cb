import type { CarrierCapabilities, CarrierEffect, Safety } from '@quartermaster/domain';
import { allKept, type ConformanceCase } from '../rule.ts';
import { carrierFeatures, type CarrierSubject } from './subject.ts';

/** What the suite saw of a carrier: goes into a file beside the package, from which `docs/carriers.md` is written. */
export type CarrierRecord = {
  readonly carrier: string;
  /** Rules that were run and kept. */
  readonly rules: number;
  /** `true` where every rule that needs the feature was kept, else why the carrier lacks it. */
  readonly features: Readonly<Record<string, true | string>>;
  readonly safety: Readonly<Record<CarrierEffect, Safety>>;
  readonly chargeEvent: CarrierCapabilities['chargeEvent'];
  readonly voidDays: number | null;
};

/** The record after the suite was run. Rejects when a rule was not run, or not kept: nothing may be said of such a carrier. */
export async function carrierRecord(subject: CarrierSubject, cases: readonly ConformanceCase[]): Promise<CarrierRecord> {
  allKept(cases);
  const { carrier } = await subject.open();
  return {
    carrier: subject.name,
    rules: cases.length,
    features: Object.fromEntries(carrierFeatures.map((feature) => [feature, subject.lacks[feature] ?? true])),
    safety: carrier.safety,
    chargeEvent: carrier.capabilities.chargeEvent,
    voidDays: carrier.capabilities.voidDays,
  };
}
