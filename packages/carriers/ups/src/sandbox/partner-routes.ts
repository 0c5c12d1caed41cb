import type { Context, Hono } from 'hono';
import type { ZodError } from 'zod';
import { errorJson, success, trackedJson, unknownJson } from './replies.ts';
import { addressRequestSchema, pickupRequestSchema, subscriptionRequestSchema } from './request-schemas.ts';
import type { UpsState } from './state.ts';
import { isTrackingNumber } from './tracking-number.ts';

type Given = {
  readonly state: UpsState;
  readonly accountNumber: string;
  readonly currency: string;
  readonly bodyOf: (context: Context) => Promise<unknown>;
  readonly invalid: (context: Context, code: string, error: ZodError) => Response;
};

/** Tracking, Track Alert, address validation and pickups: what goes on around a label. */
export function partnerRoutes(app: Hono, { state, accountNumber, currency, bodyOf, invalid }: Given): void {
  app.get('/api/track/v1/details/:number', (context) => {
    const number = context.req.param('number');
    const shipment = state.byNumber(number);
    return context.json(shipment === null ? unknownJson(number) : trackedJson(shipment));
  });

  app.post('/api/track/v2/subscription/:type/package', async (context) => {
    if (!['standard', 'enhanced'].includes(context.req.param('type')))
      return context.json(errorJson('VSS930', 'Type is missing or invalid'), 400);
    const parsed = subscriptionRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, 'VSS000', parsed.error);
    const { trackingNumberList } = parsed.data;
    if (trackingNumberList.length > 100) return context.json(errorJson('VSS220', 'You have submitted over 100 tracking numbers'), 400);
    const valid = trackingNumberList.filter(isTrackingNumber);
    const wrong = trackingNumberList.filter((number) => !isTrackingNumber(number));
    if (valid.length === 0)
      return context.json(
        {
          ...errorJson('VSS210', 'The Subscription request should have at least one valid tracking number.'),
          invalidTrackingNumbers: wrong,
        },
        400,
      );
    for (const number of valid) state.subscribe(number);
    return context.json({ validTrackingNumbers: valid, ...(wrong.length === 0 ? {} : { invalidTrackingNumbers: wrong }) });
  });

  app.post('/api/addressvalidation/v2/:option', async (context) => {
    const parsed = addressRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, '264002', parsed.error);
    const { AddressKeyFormat: key } = parsed.data.XAVRequest;
    if (!['US', 'PR'].includes(key.CountryCode)) return context.json(errorJson('264027', 'Country code is invalid or missing'), 400);
    const known =
      /^\d{5}$/.test(key.PostcodePrimaryLow) && key.PostcodePrimaryLow !== '00000' && /^[1-9]\d* /.test(key.AddressLine[0] ?? '');
    if (!known) return context.json({ XAVResponse: { Response: success, NoCandidatesIndicator: '' } });
    const classification = { Code: '1', Description: 'Commercial' };
    return context.json({
      XAVResponse: {
        Response: success,
        ValidAddressIndicator: '',
        AddressClassification: classification,
        Candidate: [
          {
            AddressClassification: classification,
            AddressKeyFormat: {
              AddressLine: key.AddressLine.map((line) => line.toUpperCase()),
              PoliticalDivision2: key.PoliticalDivision2.toUpperCase(),
              PoliticalDivision1: key.PoliticalDivision1 ?? '',
              PostcodePrimaryLow: key.PostcodePrimaryLow,
              PostcodeExtendedLow: '0001',
              CountryCode: key.CountryCode,
            },
          },
        ],
      },
    });
  });

  app.post('/api/pickupcreation/v2409/pickup', async (context) => {
    const parsed = pickupRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, '9510100', parsed.error);
    const { Shipper, PickupDateInfo, ReferenceNumber } = parsed.data.PickupCreationRequest;
    if (Shipper.Account.AccountNumber !== accountNumber) return context.json(errorJson('9500541', 'Invalid AccountNumber'), 400);
    if (PickupDateInfo.ReadyTime >= PickupDateInfo.CloseTime)
      return context.json(errorJson('9510114', 'The ready time is later than the close time'), 400);
    const pickup = state.book(ReferenceNumber ?? null, PickupDateInfo.PickupDate);
    return context.json({
      PickupCreationResponse: {
        Response: success,
        PRN: pickup.prn,
        RateStatus: { Code: '01', Description: 'Rate available' },
        RateResult: {
          RateType: 'FD',
          CurrencyCode: currency,
          ChargeDetail: [{ ChargeCode: 'B', ChargeDescription: 'BASE CHARGE', ChargeAmount: '14.65' }],
          GrandTotalOfAllCharge: '14.65',
        },
      },
    });
  });

  app.get('/api/shipments/v2409/pickup/oncall', (context) => {
    if (context.req.header('accountnumber') !== accountNumber) return context.json(errorJson('9500541', 'Invalid AccountNumber'), 400);
    const pending = state.pickups().filter(({ isCancelled }) => !isCancelled);
    return context.json({
      PickupPendingStatusResponse: {
        Response: success,
        PendingStatus: pending.map(({ prn, reference, date }) => ({
          PickupType: '01',
          ServiceDate: date,
          PRN: prn,
          OnCallStatusCode: '002',
          PickupStatusMessage: 'Dispatched to driver',
          ...(reference === null ? {} : { ReferenceNumber: reference }),
        })),
      },
    });
  });

  app.delete('/api/shipments/v2409/pickup/02', (context) => {
    const pickup = state.pickups().find(({ prn }) => prn === context.req.header('prn'));
    if (pickup === undefined) return context.json(errorJson('9510117', 'Invalid PRN'), 400);
    pickup.isCancelled = true;
    return context.json({ PickupCancelResponse: { Response: success, PickupType: '01' } });
  });
}
