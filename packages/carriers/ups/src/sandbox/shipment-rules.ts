import type { ShipRequestBody } from './request-schemas.ts';
import type { Priced } from './tariff.ts';

/** Why UPS would not make this label, beside what a schema says. */
export function refusalOf(
  { Shipment: shipment, LabelSpecification: specification }: ShipRequestBody,
  accountNumber: string,
): [string, string] | null {
  const [parcel] = shipment.Package;
  const from = (shipment.ShipFrom ?? shipment.Shipper).Address.CountryCode;
  const to = shipment.ShipTo.Address.CountryCode;
  const domestic = from === to && (from === 'US' || from === 'PR');
  if (shipment.Shipper.ShipperNumber !== accountNumber) return ['120100', 'Missing or invalid shipper number'];
  if (
    !shipment.PaymentInformation.ShipmentCharge.some(
      ({ Type, BillShipper }) => Type === '01' && BillShipper?.AccountNumber === accountNumber,
    )
  )
    return ['120412', 'The shipment charge of type 01 is missing or its account is not valid'];
  if (domestic && shipment.ReferenceNumber !== undefined) return ['120541', 'Shipment/ReferenceNumber is not allowed for this shipment'];
  if (!domestic && parcel?.ReferenceNumber !== undefined) return ['120542', 'Package/ReferenceNumber is not allowed for this shipment'];
  if (['US', 'CA'].includes(to) && !shipment.ShipTo.Address.StateProvinceCode)
    return ['120206', 'Missing or invalid ship to StateProvinceCode'];
  if (shipment.ReturnService !== undefined && !parcel?.Description)
    return ['120603', 'The description of the package is required for returns'];
  if (shipment.ReturnService !== undefined && parcel?.PackageServiceOptions?.DeliveryConfirmation !== undefined)
    return ['120920', 'Delivery confirmation is not allowed for returns'];
  if (specification.LabelImageFormat.Code !== 'GIF' && specification.LabelStockSize === undefined)
    return ['120117', 'The label stock size is missing'];
  if (from !== to && !['PR'].includes(to) && shipment.ShipTo.Phone === undefined)
    return ['120217', 'Missing or invalid ship to phone number'];
  return null;
}

type AnyShipment = Pick<ShipRequestBody['Shipment'], 'ShipmentServiceOptions'> & {
  readonly Shipper: { readonly Address: { readonly CountryCode: string } };
  readonly ShipFrom?: { readonly Address: { readonly CountryCode: string } } | undefined;
  readonly ShipTo: { readonly Address: { readonly CountryCode: string; readonly ResidentialAddressIndicator?: unknown } };
  readonly Package: readonly Pick<
    ShipRequestBody['Shipment']['Package'][number],
    'Dimensions' | 'PackageWeight' | 'PackageServiceOptions'
  >[];
};

/** What the tariff wants to know; a return is priced as the way out. */
export function priced(shipment: AnyShipment, isReturn: boolean): Priced {
  const [parcel] = shipment.Package;
  const metric = parcel?.PackageWeight.UnitOfMeasurement.Code === 'KGS';
  const sides = parcel?.Dimensions;
  const perInch = sides?.UnitOfMeasurement.Code === 'CM' ? 2.54 : 1;
  const pounds = Number(parcel?.PackageWeight.Weight ?? '1') * (metric ? 2.204_622_621_8 : 1);
  return {
    from: (shipment.ShipFrom ?? shipment.Shipper).Address.CountryCode,
    to: shipment.ShipTo.Address.CountryCode,
    pounds,
    inches: sides === undefined ? null : [sides.Length, sides.Width, sides.Height].map((side) => Number(side) / perInch),
    isResidential: !isReturn && shipment.ShipTo.Address.ResidentialAddressIndicator !== undefined,
    signature:
      parcel?.PackageServiceOptions?.DeliveryConfirmation !== undefined ||
      shipment.ShipmentServiceOptions?.DeliveryConfirmation !== undefined,
    saturday: shipment.ShipmentServiceOptions?.SaturdayDeliveryIndicator !== undefined,
  };
}
