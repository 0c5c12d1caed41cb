import type { RateRequestBody, ShipmentBody } from './request-schemas.ts';
import type { Priced } from './tariff.ts';

/** Why FedEx would not make this label, beside what a schema says. */
export function refusalOf(shipment: ShipmentBody, accountNumber: string): [string, string] | null {
  const [recipient] = shipment.recipients;
  const [parcel] = shipment.requestedPackageLineItems;
  if (recipient === undefined || parcel === undefined) return ['INVALID.INPUT.EXCEPTION', 'Invalid field value in the input'];
  if (shipment.shippingChargesPayment.payor?.responsibleParty.accountNumber.value !== accountNumber)
    return ['SHIPPINGCHARGESPAYMENT.PAYOR.INVALID', 'The payor account number is invalid.'];
  for (const { address } of [shipment.shipper, recipient]) {
    if (['US', 'CA', 'PR'].includes(address.countryCode) && !address.stateOrProvinceCode)
      return ['STATEORPROVINCECODE.REQUIRED', 'The state or province code is required.'];
    if (['US', 'CA', 'PR'].includes(address.countryCode) && !address.postalCode)
      return ['POSTALCODE.REQUIRED', 'The postal code is required.'];
  }
  if (shipment.shipper.address.countryCode !== recipient.address.countryCode && shipment.customsClearanceDetail === undefined)
    return ['CUSTOMSCLEARANCEDETAIL.REQUIRED', 'Customs clearance details are required for international shipments.'];
  const services = shipment.shipmentSpecialServices;
  if (services?.specialServiceTypes.includes('RETURN_SHIPMENT') === true && services.returnShipmentDetail === undefined)
    return ['RETURNTYPE.REQUIRED', 'The return type is required.'];
  const { packageSpecialServices: options } = parcel;
  if (options?.specialServiceTypes?.includes('SIGNATURE_OPTION') === true && options.signatureOptionType === undefined)
    return ['SIGNATUREOPTIONTYPE.REQUIRED', 'The signature option type is required.'];
  return null;
}

export function pricedRate(shipment: RateRequestBody): Priced {
  return priced(shipment.shipper.address, shipment.recipient.address, shipment);
}

export function pricedShipment(shipment: ShipmentBody): Priced {
  return priced(shipment.shipper.address, shipment.recipients[0]?.address ?? shipment.shipper.address, shipment);
}

type Place = { readonly countryCode: string; readonly residential?: boolean | undefined };

function priced(from: Place, to: Place, shipment: Pick<RateRequestBody, 'requestedPackageLineItems' | 'shipmentSpecialServices'>): Priced {
  const [parcel] = shipment.requestedPackageLineItems;
  const sides = parcel?.dimensions;
  const perInch = sides?.units === 'CM' ? 2.54 : 1;
  const signature = parcel?.packageSpecialServices?.signatureOptionType;
  return {
    from: from.countryCode,
    to: to.countryCode,
    pounds: (parcel?.weight.value ?? 1) * (parcel?.weight.units === 'KG' ? 2.204_622_621_8 : 1),
    inches: sides === undefined ? null : [sides.length, sides.width, sides.height].map((side) => side / perInch),
    isResidential: to.residential === true,
    isSigned: signature === 'DIRECT' || signature === 'INDIRECT' || signature === 'ADULT',
    onSaturday: shipment.shipmentSpecialServices?.specialServiceTypes.includes('SATURDAY_DELIVERY') ?? false,
    declaredMinor: Math.round((parcel?.declaredValue?.amount ?? 0) * 100),
  };
}
