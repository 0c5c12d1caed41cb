export { billableGrams } from './billable-weight.ts';
export { type CartonBound } from './cartons/carton-bound.ts';
export { cartonFaults } from './cartons/carton-faults.ts';
export {
  boxTypeSchema,
  cartonItemSchema,
  cartonProblemSchema,
  type BoxType,
  type CartonItem,
  type CartonProblem,
  type CartonProblemInput,
  type ParcelPricing,
} from './cartons/carton-problem.ts';
export {
  parcelOfCarton,
  type Carton,
  type Cartonization,
  type LeftReason,
  type LeftUnits,
  type PackedUnit,
} from './cartons/cartonization.ts';
export { cartonize } from './cartons/cartonize.ts';
export { fillBox, type EffortName } from './cartons/fill-box.ts';
export { packingInstructions } from './cartons/packing-instructions.ts';
export { type SettledPlacement } from './cartons/settle.ts';
export { waysToLie, type Placement, type Shape, type Sides, type Turning } from './cartons/shapes.ts';
export { tariffPricing } from './cartons/tariff-pricing.ts';
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
