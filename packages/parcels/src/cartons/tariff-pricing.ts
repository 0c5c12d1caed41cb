import type { Destination } from '@quartermaster/domain';
import { priceParcel } from '../price-parcel.ts';
import type { Tariff } from '../tariff.ts';
import type { ParcelPricing } from './carton-problem.ts';

/** Prices of one service of a tariff on one way, billable weight and surcharges included. `date` (`YYYY-MM-DD`) is the day on which the parcel leaves. */
export function tariffPricing(
  tariff: Tariff,
  serviceId: string,
  way: { readonly from: Destination; readonly to: Destination; readonly date: string },
): ParcelPricing {
  return (parcel) => {
    const price = priceParcel(tariff, serviceId, { ...way, parcel });
    return price.kind === 'priced' ? price.total : null;
  };
}
