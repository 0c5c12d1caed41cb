export { billableGrams } from './billable-weight.ts';
export { laneOf, weightRules, type TariffLane } from './lane.ts';
export { packByWeight, type PackLine, type Packing } from './pack-by-weight.ts';
export {
  parcelLimitGrams,
  priceParcel,
  type TariffCharge,
  type NotServedReason,
  type ParcelPrice,
  type PriceRequest,
} from './price-parcel.ts';
export { importRateSheet, type ImportedRateSheet, type SheetService } from './rate-sheet.ts';
export { carrierOfTariffs, tariffRates, tariffSale, type TariffSale } from './tariff-sale.ts';
export {
  inEffect,
  serviceOf,
  tariffOn,
  tariffSchema,
  tariffServiceSchema,
  type Place,
  type Surcharge,
  type Tariff,
  type TariffInput,
  type TariffService,
  type ZonePrice,
} from './tariff.ts';
export { zoneOf } from './zone.ts';
