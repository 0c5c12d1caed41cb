import { epochMs, type Instant } from '@quartermaster/domain';
import { instantOfMoment, type RateRequestBody, type ShipmentRequestBody } from './requests.ts';
import { servicePrices, type Priced, type SandboxProduct } from './tariff.ts';

/** Why DHL would not take this day, by the rules that its specification tells; null where it would. */
export function dayRefusal(planned: string, now: Instant): string | null {
  const at = instantOfMoment(planned);
  if (at === null) return "998: ShipTimeStamp is not well formatted.(Expected Sample Format : '2010-02-11T17:10:09 GMT+01:00')";
  if (epochMs(at) < epochMs(now)) return 'The planned shipping date is in the past. Please check the request message and retry.';
  return epochMs(at) > epochMs(now) + 10 * 86_400_000 ? 'The planned shipping date is more than 10 days in the future.' : null;
}

export function accountRefusal(accounts: readonly { readonly number: string }[], accountNumber: string): string | null {
  return accounts.some(({ number }) => number !== accountNumber)
    ? 'The account number is not found or invalid. Please check the account number and retry.'
    : null;
}

/** What the sandbox does not have, in the words of the specification. */
export function serviceRefusal(services: readonly { readonly serviceCode: string; readonly value?: number | undefined }[]): string | null {
  const index = services.findIndex(
    ({ serviceCode, value }) => servicePrices[serviceCode] === undefined || (isInsurance(serviceCode) && value === undefined),
  );
  const service = services[index];
  return service === undefined
    ? null
    : `7008: The requested Special Service Code  #/valueAddedServices/${index}/serviceCode '${service.serviceCode}' is not available between this origin and destination. Please validate the products and services combination (via the /rates or /products service) or contact our customer service.`;
}

/** Why DHL would not make this shipment, beside what a schema says. */
export function shipmentRefusal(body: ShipmentRequestBody, product: SandboxProduct): string | null {
  const { content, valueAddedServices = [], accounts, outputImageProperties } = body;
  const invoice = outputImageProperties?.imageOptions?.find(({ typeCode }) => typeCode === 'invoice');
  if (!accounts.some(({ typeCode }) => typeCode === 'shipper' || typeCode === 'payer'))
    return 'An account of type shipper or payer is required.';
  if (product.localCode !== product.code && body.localProductCode !== product.localCode)
    return `The local product code ${body.localProductCode ?? ''} does not belong to the product ${product.code}.`;
  if (content.isCustomsDeclarable && content.exportDeclaration === undefined)
    return 'The export declaration is required for a dutiable shipment.';
  if (content.isCustomsDeclarable && (content.declaredValue === undefined || content.declaredValueCurrency === undefined))
    return 'The declared value and its currency are required for a dutiable shipment.';
  if (valueAddedServices.some(({ serviceCode }) => serviceCode === 'WY') && invoice?.isRequested !== true)
    return '7120: Required either #/outputImageProperties/imageOptions where typeCode=invoice or provide #/documentImages';
  if (valueAddedServices.some(({ serviceCode }) => serviceCode === 'DD') !== (content.isCustomsDeclarable && content.incoterm === 'DDP'))
    return 'The service DD and the incoterm DDP belong together.';
  if (content.packages.length !== 1) return 'The sandbox makes shipments of one package.';
  return null;
}

function isInsurance(code: string): boolean {
  return code === 'II' || code === 'IB';
}

/** What the tariff wants to know of a rate request, with these services. */
export function pricedRequest(body: RateRequestBody, services: readonly { readonly serviceCode: string }[]): Priced {
  const { shipperDetails, receiverDetails } = body.customerDetails;
  return priced(body.packages, shipperDetails.countryCode, receiverDetails.countryCode, body.isCustomsDeclarable, services);
}

export function pricedShipment({ customerDetails, content, valueAddedServices = [] }: ShipmentRequestBody): Priced {
  const { shipperDetails, receiverDetails } = customerDetails;
  return priced(
    content.packages,
    shipperDetails.postalAddress.countryCode,
    receiverDetails.postalAddress.countryCode,
    content.isCustomsDeclarable,
    valueAddedServices,
  );
}

function priced(
  packages: RateRequestBody['packages'],
  from: string,
  to: string,
  isDeclarable: boolean,
  services: readonly { readonly serviceCode: string }[],
): Priced {
  const [parcel] = packages;
  const sides = parcel?.dimensions;
  return {
    from,
    to,
    isDeclarable,
    kilos: parcel?.weight ?? 0,
    sides: sides === undefined ? null : [sides.length, sides.width, sides.height],
    services: services.map(({ serviceCode }) => serviceCode),
  };
}
