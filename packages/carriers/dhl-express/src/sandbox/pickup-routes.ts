import type { Context, Hono } from 'hono';
import type { ZodType } from 'zod';
import type { Refused } from './lookup-routes.ts';
import { pickupRequestSchema } from './requests.ts';
import type { DhlState } from './state.ts';

type Given = {
  readonly state: DhlState;
  readonly bodyOf: <Body>(context: Context, schema: ZodType<Body>) => Promise<Body | Response>;
  readonly refused: Refused;
  /** Why a pickup at that moment by these accounts is not taken; null where it is. */
  readonly refusalOf: (planned: string, accounts: readonly { readonly number: string }[]) => string | null;
  readonly localDayOf: (planned: string) => string;
};

/** Booking and cancelling pickups. DHL has no call that lists them. */
export function pickupRoutes(app: Hono, { state, bodyOf, refused, refusalOf, localDayOf }: Given): void {
  app.post('/pickups', async (context) => {
    const body = await bodyOf(context, pickupRequestSchema);
    if (body instanceof Response) return body;
    const refusal = refusalOf(body.plannedPickupDateAndTime, body.accounts);
    if (refusal !== null) return refused(context, 400, refusal);
    const ready = body.plannedPickupDateAndTime.slice(11, 16);
    if (body.closeTime !== undefined && body.closeTime <= ready)
      return refused(context, 400, 'The close time is not after the ready time.');
    const pickup = state.book(localDayOf(body.plannedPickupDateAndTime));
    return context.json({ dispatchConfirmationNumbers: [pickup.number], readyByTime: ready, nextPickupDate: pickup.day }, 201);
  });

  app.delete('/pickups/:number', (context) => {
    const { requestorName, reason } = context.req.query();
    if (!requestorName || !reason)
      return refused(context, 400, 'Missing mandatory parameters: requestorName, reason', { title: 'Missing parameters' });
    const pickup = state.pickups().find(({ number }) => number === context.req.param('number'));
    if (pickup === undefined)
      return refused(context, 404, 'Cancellation of booking was not successful. Requested Pickup was not found', {
        title: 'Pickup not found',
      });
    if (pickup.isCancelled) return refused(context, 400, 'Pickup already cancelled or completed');
    pickup.isCancelled = true;
    return context.body(null, 200);
  });
}
