import {
  plainDelivery,
  type Charge,
  type DeliveryTerms,
  type LabelRequest,
  type Money,
  type Rate,
  type RateAnswer,
  type RateRequest,
} from '@quartermaster/domain';
import { localDate, sumMoney } from '@quartermaster/domain';
import { serviceOf, tariffOn, tariffRates, tariffSale, type Tariff } from '@quartermaster/parcels';
import { heaviestGrams } from './limits.ts';

/** What DHL asks for a service beside the parcel, in minor units of the tariff's currency. What has no price here is not sold. */
export type ExtraServices = {
  /** Signed for by the recipient. */
  readonly signature?: number;
  /** Visual check of age, 18. */
  readonly adultSignature?: number;
  /** Additional insurance, whatever the value. */
  readonly insurance?: number;
};

export type PricingGiven = {
  readonly tariffs: readonly Tariff[];
  readonly extraServices: ExtraServices;
  readonly billingNumbers: Readonly<Record<string, string>>;
  /** IANA zone whose calendar says which day a parcel leaves. */
  readonly zone: string;
};

/** What a label costs and by which product of DHL's it goes, or why it is not sold. */
export type Sale =
  | { readonly kind: 'sold'; readonly product: string; readonly price: Money; readonly charges: readonly Charge[] }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string };

/** DHL has no API for prices: they are those of the tariff that is given, with the services beside the parcel on top. A declaration for the customs costs nothing of its own. */
export function saleOf(request: LabelRequest, { tariffs, extraServices, zone }: PricingGiven): Sale {
  const extras = extrasOf(request.delivery, extraServices);
  if (typeof extras === 'string')
    return { kind: 'refused', message: extras, advice: 'Ask for it without, give it a price, or choose another carrier.' };
  if (request.parcel.grams > heaviestGrams) return { kind: 'refused', message: tooHeavy, advice: 'Divide the parcel.' };
  const sale = tariffSale(tariffs, { ...request, delivery: plainDelivery, priceLimit: null }, zone);
  if (sale.kind === 'refused') return sale;
  return { kind: 'sold', product: sale.service.carrierService, ...withExtras({ total: sale.price, charges: sale.charges }, extras) };
}

export function rateAnswer(request: RateRequest, { tariffs, extraServices, billingNumbers, zone }: PricingGiven): RateAnswer {
  const extras = extrasOf(request.delivery, extraServices);
  if (typeof extras === 'string') return { rates: [], problems: [`${extras}.`] };
  if (request.parcel.grams > heaviestGrams) return { rates: [], problems: [`${tooHeavy}.`] };
  const { rates, problems } = tariffRates(tariffs, { ...request, delivery: plainDelivery }, zone);
  const tariff = tariffOn(tariffs, localDate(request.shipAt, zone));
  const productOf = (service: string) => (tariff === null ? null : (serviceOf(tariff, service)?.carrierService ?? null));
  const unpaid = new Set(
    rates.map(({ service }) => productOf(service)).filter((product) => product !== null && billingNumbers[product] === undefined),
  );
  return {
    rates: rates
      .filter(({ service }) => !unpaid.has(productOf(service)))
      .map((rate): Rate => {
        const { price, charges } = withExtras(rate, extras);
        return { ...rate, total: price, charges };
      }),
    problems: [...problems, ...[...unpaid].map((product) => `The account has no billing number for ${product}.`)],
  };
}

type Extra = { readonly code: string; readonly type: Charge['type']; readonly minor: number };

const tooHeavy = 'DHL takes no parcel above 31.5 kg';

/** Why the delivery cannot be had, or what it costs on top. */
function extrasOf({ signature, onSaturday, insured, isReturn }: DeliveryTerms, prices: ExtraServices): string | readonly Extra[] {
  if (onSaturday) return 'DHL delivers on Saturdays as on other days, and cannot be asked for one';
  if (isReturn && (signature !== 'none' || insured !== null)) return 'DHL has no signature and no insurance for a return';
  const wanted: readonly (Omit<Extra, 'minor'> & { readonly minor: number | undefined; readonly what: string })[] = [
    ...(signature === 'anyone'
      ? [{ code: 'signedForByRecipient', type: 'confirmation' as const, minor: prices.signature, what: 'a signature' }]
      : []),
    ...(signature === 'adult'
      ? [{ code: 'visualCheckOfAge', type: 'confirmation' as const, minor: prices.adultSignature, what: 'an adult signature' }]
      : []),
    ...(insured === null ? [] : [{ code: 'additionalInsurance', type: 'insurance' as const, minor: prices.insurance, what: 'insurance' }]),
  ];
  const unpriced = wanted.find(({ minor }) => minor === undefined);
  if (unpriced !== undefined) return `There is no price for ${unpriced.what}`;
  return wanted.map(({ code, type, minor = 0 }) => ({ code, type, minor }));
}

function withExtras(
  given: { readonly total: Money; readonly charges: readonly Charge[] },
  extras: readonly Extra[],
): { readonly price: Money; readonly charges: readonly Charge[] } {
  const { currency } = given.total;
  const added = extras.map(({ code, type, minor }): Charge => ({ type, amount: { minor, currency }, vendorCode: code }));
  const amounts = [given.total, ...added.map(({ amount }) => amount)];
  return { price: sumMoney(amounts, currency), charges: [...given.charges, ...added] };
}
