import type { Instant, RateRequest } from '@quartermaster/domain';
import { dhlMoment } from './moments.ts';
import { placeOf } from './party.ts';
import { declaredValueOf, isDeclarable, numberOf, packageOf, valueAddedServicesOf } from './translate.ts';

export type DraftGiven = {
  /** Of the account that pays, at most twelve characters. */
  readonly accountNumber: string;
  /** IANA zone of the nodes: in it DHL is told the time of handing over. */
  readonly zone: string;
  /** Send the invoice ahead (`WY`). */
  readonly paperlessTrade: boolean;
};

export type Route = Pick<RateRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'delivery'>;

/** What DHL is asked for prices by: of one product, or of all where `product` is null. `handedOverAt` is not before the moment of asking. */
export function rateDraftOf(
  { shipFrom, shipTo, parcel, delivery }: Route,
  handedOverAt: Instant,
  product: string | null,
  { accountNumber, zone, paperlessTrade }: DraftGiven,
): Record<string, unknown> {
  const services = valueAddedServicesOf(delivery, { paperlessTrade });
  const asked = services.length === 0 ? {} : { valueAddedServices: services };
  const declared = isDeclarable(delivery) ? declaredValueOf(delivery.customs) : null;
  return {
    customerDetails: { shipperDetails: placeOf(shipFrom), receiverDetails: placeOf(shipTo) },
    accounts: accountsOf(accountNumber, delivery.isReturn),
    ...(product === null ? asked : { productsAndServices: [{ productCode: product, ...asked }] }),
    plannedShippingDateAndTime: dhlMoment(handedOverAt, zone),
    unitOfMeasurement: 'metric',
    isCustomsDeclarable: isDeclarable(delivery),
    ...(declared === null
      ? {}
      : { monetaryAmount: [{ typeCode: 'declaredValue', value: numberOf(declared), currency: declared.currency }] }),
    estimatedDeliveryDate: { isRequested: true, typeCode: 'QDDC' },
    nextBusinessDay: true,
    packages: [packageOf(parcel)],
  };
}

/** Our account; on the way back, where the customer is the shipper, it is named as the payer too. */
export function accountsOf(accountNumber: string, isReturn: boolean): { readonly typeCode: string; readonly number: string }[] {
  return [{ typeCode: 'shipper', number: accountNumber }, ...(isReturn ? [{ typeCode: 'payer', number: accountNumber }] : [])];
}
