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
export { packingInstructions, placeInWords } from './cartons/packing-instructions.ts';
export { type SettledPlacement } from './cartons/settle.ts';
export { longestFirst, waysToLie, type Placement, type Shape, type Sides, type Turning } from './cartons/shapes.ts';
export { tariffPricing } from './cartons/tariff-pricing.ts';
export { fuelPercentOn, weightRuleOn } from './day-terms.ts';
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
export { placeHolds, type Place } from './place.ts';
export { importProductSides, productSidesSchema, type ProductSides, type ReadProductSides } from './product-sides.ts';
export { importRateBook, rateBookHeadSchema, type RateBookFiles, type RateBookHead, type ReadRateBook } from './rate-book/rate-book.ts';
export { readSheet, type BadRow, type SheetText } from './rate-book/sheet.ts';
export { type Surcharge } from './surcharge.ts';
export { carrierOfTariffs, tariffRates, tariffSale, type TariffSale } from './tariff-sale.ts';
export {
  inEffect,
  serviceOf,
  tariffOn,
  tariffSchema,
  tariffServiceSchema,
  type Tariff,
  type TariffInput,
  type TariffService,
  type ZonePrice,
} from './tariff.ts';
export { billableGrams, type DatedWeightRule, type WeightRule } from './weight-rule.ts';
export { zoneOf } from './zone.ts';
