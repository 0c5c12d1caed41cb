import type { Hono } from 'hono';
import { paths } from '../limits.ts';
import { pickupRequestSchema } from './request-schemas.ts';
import type { DhlState } from './state.ts';

type Given = {
  readonly state: DhlState;
  readonly billingNumbers: readonly string[];
  readonly bodyOf: (request: Request) => Promise<unknown>;
};

type Pickup = { readonly orderID: string; readonly day: string; readonly shipments: readonly unknown[]; isCancelled: boolean };

export type SandboxPickup = { readonly orderID: string; readonly day: string; readonly isCancelled: boolean };

/** Parcel DE Pickup v3: drivers on call. */
export function pickupRoutes(app: Hono, { state, billingNumbers, bodyOf }: Given): () => readonly SandboxPickup[] {
  const pickups: Pickup[] = [];

  app.post(`${paths.pickup}/orders`, async (context) => {
    const parsed = pickupRequestSchema.safeParse(await bodyOf(context.req.raw));
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path, message }) => ({ errorCode: 400, title: message, instance: path.join('.') }));
      return context.json(errors, 422);
    }
    const { customerDetails, pickupDetails, shipmentDetails } = parsed.data;
    const day = pickupDetails.pickupDate.value;
    const refuse = (title: string, instance: string) => context.json([{ errorCode: 456, title, instance }], 422);
    if (!billingNumbers.includes(customerDetails.billingNumber)) return refuse('Unknown billingnumber', 'customerDetails.billingNumber');
    if (day < state.today()) return refuse('The pickup date is in the past', 'pickupDetails.pickupDate');
    const orderID = String(pickups.length + 1).padStart(32, '0');
    pickups.push({ orderID, day, shipments: shipmentDetails.shipments, isCancelled: false });
    const value = { orderID, pickupDate: day, freeOfCharge: false, pickupType: 'EZA', confirmedShipments: [] };
    return context.json({ confirmation: { type: 'ORDERPICKUP', value } });
  });

  app.get(`${paths.pickup}/orders`, (context) => {
    const { orderID, pickupDate } = context.req.query();
    if (orderID === undefined && pickupDate === undefined) return context.json({ title: 'Bad Request', status: 400 }, 400);
    const found = pickups.filter((pickup) => pickup.orderID === orderID || pickup.day === pickupDate);
    return context.json(
      found.map((pickup) => ({
        orderDetails: { orderID: pickup.orderID, orderState: pickup.isCancelled ? 'STORNIERT' : 'ANGENOMMEN' },
        customerDetails: { billingNumber: billingNumbers[0] },
        pickupLocation: {},
        pickupDetails: { pickupDate: { type: 'Date', value: pickup.day } },
        shipmentDetails: { shipments: pickup.shipments.map((shipment) => ({ shipment, orderDate: `${pickup.day}T08:00:00` })) },
      })),
    );
  });

  app.delete(`${paths.pickup}/orders`, (context) => {
    const asked = context.req.queries('orderID') ?? [];
    const known = asked.map((orderID) => ({ orderID, pickup: pickups.find((pickup) => pickup.orderID === orderID) }));
    const confirmed = known.filter(({ pickup }) => pickup?.isCancelled === false);
    for (const { pickup } of confirmed) if (pickup !== undefined) pickup.isCancelled = true;
    return context.json({
      confirmedCancellations: confirmed.map(({ orderID }) => ({ orderID, orderState: 'STORNIERT', message: 'Storno bestätigt' })),
      failedCancellations: known
        .filter((each) => !confirmed.includes(each))
        .map(({ orderID, pickup }) => ({
          orderID,
          ...(pickup === undefined ? {} : { orderState: 'STORNIERT' }),
          message: pickup === undefined ? 'The order is not known.' : 'The order is cancelled already.',
        })),
    });
  });

  return () => pickups.map(({ orderID, day, isCancelled }) => ({ orderID, day, isCancelled }));
}
