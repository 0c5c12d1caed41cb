import { z } from 'zod';
import { threeLetterCountries } from '../countries.ts';

// What DHL wants of a request, by its specifications (Parcel DE Shipping v2.1.13, Returns v1.0.9): required fields, lengths, patterns, codes. What is not in them is refused.

const country = z.enum(threeLetterCountries);
const text = (most: number, least = 1) => z.string().min(least).max(most);
const postalCode = z
  .string()
  .min(3)
  .max(10)
  .regex(/^[0-9A-Za-z]+([ -]?[0-9A-Za-z]+)*$/);
const value = z.strictObject({ currency: z.string().regex(/^[A-Z]{3}$/), value: z.number().min(0).max(100_000) });
const weight = z.strictObject({ uom: z.enum(['g', 'kg']), value: z.number().positive().max(31_500) });
const billingNumber = z.string().regex(/^\w{10}\d{2}\w{2}$/);
const email = text(80, 3);

const names = { name1: text(50), name2: text(50).optional(), name3: text(50).optional() };
const street = { addressStreet: text(50), addressHouse: text(10).optional() };

const shipper = z.strictObject({
  ...names,
  ...street,
  postalCode: postalCode.optional(),
  city: text(40),
  country,
  contactName: text(80, 3).optional(),
  email: email.optional(),
});

const door = z.strictObject({
  ...names,
  ...street,
  dispatchingInformation: text(35).optional(),
  additionalAddressInformation1: text(60).optional(),
  additionalAddressInformation2: text(60).optional(),
  postalCode: postalCode.optional(),
  city: text(40),
  state: text(20).optional(),
  country,
  contactName: text(80, 3).optional(),
  phone: text(20).optional(),
  email: email.optional(),
});
const counter = { name: text(50), city: text(40), country: z.literal('DEU').optional(), postalCode };
const owner = z.string().regex(/^[0-9]{6,10}$/);
const locker = z.strictObject({ ...counter, lockerID: z.int().min(100).max(999), postNumber: owner });
const postOffice = z.strictObject({
  ...counter,
  retailID: z.int().min(401).max(999),
  postNumber: owner.optional(),
  email: email.optional(),
});

const commodity = z.strictObject({
  itemDescription: text(256),
  countryOfOrigin: country.optional(),
  hsCode: text(11, 6).optional(),
  packagedQuantity: z.int().positive(),
  itemValue: value,
  itemWeight: weight,
});

const customs = z.strictObject({
  invoiceNo: text(35, 0).optional(),
  exportType: z.enum(['OTHER', 'PRESENT', 'COMMERCIAL_SAMPLE', 'DOCUMENT', 'RETURN_OF_GOODS', 'COMMERCIAL_GOODS']),
  exportDescription: text(80, 0).optional(),
  shippingConditions: z.enum(['DAP', 'DDP']).optional(),
  postalCharges: value,
  shipperCustomsRef: text(35, 0).optional(),
  consigneeCustomsRef: text(35, 0).optional(),
  items: z.array(commodity).min(1).max(99),
});

const services = z.strictObject({
  visualCheckOfAge: z.enum(['A16', 'A18']).optional(),
  signedForByRecipient: z.boolean().optional(),
  endorsement: z.enum(['RETURN', 'ABANDON']).optional(),
  additionalInsurance: value.optional(),
  postalDeliveryDutyPaid: z.boolean().optional(),
});

const side = z.int().positive();
const shipment = z.strictObject({
  product: z.enum(['V01PAK', 'V53WPAK', 'V54EPAK', 'V62WP', 'V62KP', 'V66WPI']),
  billingNumber,
  refNo: text(35, 8).optional(),
  costCenter: text(50, 0).optional(),
  shipDate: z.iso.date().optional(),
  shipper,
  consignee: z.union([locker, postOffice, door]),
  details: z.strictObject({
    dim: z.strictObject({ uom: z.enum(['cm', 'mm']), height: side, length: side, width: side }).optional(),
    weight,
  }),
  services: services.optional(),
  customs: customs.optional(),
});
export type ShipmentBody = z.infer<typeof shipment>;

export const ordersRequestSchema = z.strictObject({ profile: text(35, 0), shipments: z.array(shipment).min(1).max(30) });

export const ordersQuerySchema = z.strictObject({
  validate: z.enum(['true', 'false']).default('false'),
  mustEncode: z.enum(['true', 'false']).default('false'),
  includeDocs: z.enum(['include', 'URL']).default('include'),
  docFormat: z.enum(['ZPL2', 'PDF']).default('PDF'),
  printFormat: z
    .enum([
      'A4',
      '910-300-600',
      '910-300-610',
      '910-300-700',
      '910-300-700-oz',
      '910-300-710',
      '910-300-300',
      '910-300-300-oz',
      '910-300-400',
      '910-300-410',
      '100x70mm',
    ])
    .optional(),
});
export type OrdersQuery = z.infer<typeof ordersQuerySchema>;

export const manifestRequestSchema = z.strictObject({
  profile: text(35, 0),
  shipmentNumbers: z.array(z.string()).min(1).max(30).optional(),
  billingNumber: billingNumber.optional(),
});

export const returnRequestSchema = z.strictObject({
  receiverId: text(50),
  customerReference: text(50, 0).optional(),
  shipmentReference: text(50, 0).optional(),
  shipper: z.strictObject({
    name1: text(50),
    name2: text(50, 0).optional(),
    name3: text(50, 0).optional(),
    addressStreet: text(50),
    addressHouse: text(10),
    postalCode,
    city: text(40),
    state: text(20, 0).optional(),
    phone: text(20).optional(),
    email: text(70, 3).optional(),
  }),
  itemWeight: weight.optional(),
  itemValue: value.optional(),
  customsDetails: z
    .strictObject({
      items: z
        .array(commodity.extend({ itemDescription: text(50, 0) }))
        .min(1)
        .max(20),
    })
    .optional(),
});

const clockTime = z.string().regex(/^\d{2}:\d{2}$/);

/** Of Parcel DE Pickup v3, a driver on a day at an address. */
export const pickupRequestSchema = z.strictObject({
  customerDetails: z.strictObject({ billingNumber }),
  pickupLocation: z.strictObject({
    type: z.literal('Address'),
    pickupAddress: z.strictObject({
      name1: text(50),
      name2: text(50).optional(),
      addressStreet: text(70),
      addressHouse: text(10),
      postalCode: text(7),
      city: text(35),
      country: text(2, 2).optional(),
      state: text(35).optional(),
    }),
  }),
  businessHours: z
    .array(z.strictObject({ timeFrom: clockTime, timeUntil: clockTime }).refine((hours) => hours.timeFrom < hours.timeUntil))
    .max(3)
    .optional(),
  contactPerson: z
    .array(z.strictObject({ name: text(50), phone: text(50).optional(), email: text(250).optional() }))
    .max(2)
    .optional(),
  pickupDetails: z.strictObject({
    pickupDate: z.strictObject({ type: z.literal('Date'), value: z.iso.date() }),
    totalWeight: z.strictObject({ uom: z.enum(['g', 'kg']), value: z.number() }).optional(),
    comment: text(100).optional(),
  }),
  shipmentDetails: z.strictObject({
    shipments: z
      .array(
        z.strictObject({
          transportationType: z.enum(['PAKET', 'ROLLBEHAELTER', 'WECHSELBEHAELTER', 'PALETTEN', 'SPERRGUT']),
          shipmentNo: z.string().optional(),
          customerReference: text(20).optional(),
        }),
      )
      .min(1),
  }),
});
