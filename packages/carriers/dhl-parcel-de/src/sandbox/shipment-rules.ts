import { addDays } from '@quartermaster/domain';
import { procedures } from '../limits.ts';
import type { ShipmentBody } from './request-schemas.ts';

/** A message about one property; a warning does not hinder a label. */
export type RuleMessage = { readonly property: string; readonly validationMessage: string; readonly validationState: 'Error' | 'Warning' };

export type RuleGiven = { readonly today: string; readonly billingNumbers: readonly string[]; readonly mustEncode: boolean };

/** Where DHL does without a declaration: the customs union of the European Union, as far as the sandbox goes. */
const withoutCustoms =
  'AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE MCO'.split(' ');

/** Sides in centimetres, longest first, and grams, as DHL publishes them for its products. */
const limits: Readonly<Record<string, { readonly sides: readonly [number, number, number]; readonly grams: number }>> = {
  V01PAK: { sides: [120, 60, 60], grams: 31_500 },
  V53WPAK: { sides: [120, 60, 60], grams: 31_500 },
  V54EPAK: { sides: [120, 60, 60], grams: 31_500 },
  V62WP: { sides: [35, 25, 10], grams: 1_000 },
  V62KP: { sides: [35, 25, 8], grams: 1_000 },
  V66WPI: { sides: [35, 25, 10], grams: 1_000 },
};

/** Why DHL would not make this label, or what it warns of, beside what a schema says. */
export function messagesOf(shipment: ShipmentBody, { today, billingNumbers, mustEncode }: RuleGiven): RuleMessage[] {
  const { product, billingNumber, consignee, customs, details, services, shipDate = today, shipper } = shipment;
  const found: RuleMessage[] = [];
  const refuse = (property: string, validationMessage: string) => found.push({ property, validationMessage, validationState: 'Error' });
  const to = consignee.country ?? 'DEU';
  const isDomestic = to === 'DEU';

  if (!billingNumbers.includes(billingNumber)) refuse('billingNumber', 'The billing number is not known or the user has no right to it');
  if (billingNumber.slice(10, 12) !== procedures[product]) refuse('billingNumber', 'The billing number does not belong to the product');
  if (shipDate < today) refuse('shipDate', 'The shipment date must not be in the past');
  if (shipDate > addDays(today, 7)) refuse('shipDate', 'The shipment date is too far in the future');
  if (shipper.country !== 'DEU') refuse('shipper.country', 'Shipments start in Germany');
  if (['V01PAK', 'V62WP', 'V62KP'].includes(product) !== isDomestic) refuse('consignee.country', 'The product does not go there');
  if ('retailID' in consignee && consignee.postNumber === undefined && consignee.email === undefined)
    refuse('consignee.postNumber', 'Post number or e-mail address is required');

  const limit = limits[product];
  const grams = details.weight.value * (details.weight.uom === 'kg' ? 1_000 : 1);
  if (limit !== undefined && grams > limit.grams) refuse('details.weight', 'The weight is too high');
  if (limit !== undefined && details.dim !== undefined) {
    const { uom, length, width, height } = details.dim;
    const sides = [length, width, height].map((side) => (uom === 'mm' ? side / 10 : side)).toSorted((a, b) => b - a);
    if (sides.some((side, index) => side > (limit.sides[index] ?? 0))) refuse('details.dim', 'The parcel is too large');
  }

  if (!isDomestic && !withoutCustoms.includes(to) && customs === undefined) refuse('customs', 'A customs declaration is required');
  if (customs !== undefined) {
    if (customs.items.some(({ itemValue }) => itemValue.currency !== customs.postalCharges.currency))
      refuse('customs.postalCharges', 'Goods and postal charges must be in one currency');
    if (customs.exportType === 'OTHER' && !customs.exportDescription) refuse('customs.exportDescription', 'A description is required');
    if (customs.shippingConditions !== undefined && product !== 'V54EPAK')
      refuse('customs.shippingConditions', 'Terms of trade are for Europaket only');
  }
  if (isDomestic && services?.endorsement !== undefined) refuse('services.endorsement', 'The service is for shipments abroad');
  if (product !== 'V01PAK' && (services?.visualCheckOfAge !== undefined || services?.signedForByRecipient === true))
    refuse('services', 'The service is not offered for the product');

  if (isDomestic && !isRoutable(consignee)) {
    const state = mustEncode ? 'Error' : 'Warning';
    found.push({ property: 'consignee', validationMessage: 'The address cannot be encoded', validationState: state });
  }
  return found;
}

/** The sandbox's own notion of an address that DHL's routing knows. */
function isRoutable(consignee: ShipmentBody['consignee']): boolean {
  const hasPlace = /^\d{5}$/.test(consignee.postalCode ?? '') && consignee.postalCode !== '00000';
  if (!('addressStreet' in consignee)) return hasPlace;
  return hasPlace && /\d/.test(`${consignee.addressStreet} ${consignee.addressHouse ?? ''}`);
}
