import { epochMs, localDate, localMinute, type Clock } from '@quartermaster/domain';
import type { Hono } from 'hono';
import { dhlZone, paths } from '../limits.ts';
import { readElements } from '../xml.ts';
import { piecesXml, trackedJson } from './replies.ts';
import type { DhlState, StoredShipment } from './state.ts';

type Given = {
  readonly state: DhlState;
  readonly clock: Clock;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly trackingUser: { readonly user: string; readonly password: string };
};

/** One call in so many milliseconds, and so many in a day, as a new app has them. */
const unifiedPauseMs = 5_000;
const unifiedCallsPerDay = 250;

/** Shipment Tracking - Unified, and Parcel DE Tracking. Either knows a parcel only when it is closed or was scanned, for until then its data are not with DHL. */
export function trackingRoutes(app: Hono, { state, clock, apiKey, apiSecret, trackingUser }: Given): void {
  const calls: number[] = [];
  const known = (number: string): StoredShipment | null => {
    const shipment = state.find(number);
    return shipment === null || shipment.deletedAt !== null || (shipment.closedOn === null && shipment.scans.length === 0)
      ? null
      : shipment;
  };

  app.get(paths.unifiedTracking, (context) => {
    if (context.req.header('dhl-api-key') !== apiKey)
      return context.json({ title: 'Unauthorized', status: 401, detail: 'Please check your API Key.' }, 401);
    const now = epochMs(clock.now());
    if (now - (calls.at(-1) ?? 0) < unifiedPauseMs || calls.filter((at) => now - at < 86_400_000).length >= unifiedCallsPerDay)
      return context.json(
        { title: 'Too many requests', status: 429, detail: 'Too many requests within defined time period, please try again later.' },
        429,
      );
    calls.push(now);
    const number = context.req.query('trackingNumber') ?? '';
    if (number === '') return context.json({ title: 'Bad Request', status: 400, detail: 'The trackingNumber is missing.' }, 400);
    const shipment = known(number);
    if (shipment === null)
      return context.json({ title: 'No result found', status: 404, detail: 'No shipment with given tracking number found.' }, 404);
    return context.json(trackedJson(shipment, localTime));
  });

  app.get(paths.parcelTracking, (context) => {
    const key = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
    if (context.req.header('authorization') !== key) return context.text('Unauthorized', 401);
    const xml = (text: string) => context.body(text, 200, { 'content-type': 'application/xml' });
    const [asked] = readElements((context.req.query('xml') ?? '').replace(' />', ' >'));
    if (asked?.attributes['appname'] !== trackingUser.user || asked.attributes['password'] !== trackingUser.password)
      return xml('<?xml version="1.0" encoding="UTF-8"?><data name="piece-shipment-list" code="5" error="Login failed"/>');
    const numbers = (asked.attributes['piece-code'] ?? '').split(';').filter((number) => number !== '');
    if (numbers.length === 0) return xml('<data name="piece-shipment-list" code="45" error="No piece code"/>');
    if (numbers.length > 20) return xml('<data name="piece-shipment-list" code="-3" error="Too many piece codes"/>');
    const found = [...new Set(numbers)].flatMap((number) => {
      const shipment = known(number);
      return shipment === null ? [] : [{ asked: number, shipment }];
    });
    return xml(piecesXml(found, germanTime));
  });

  function localTime(instant: string): string {
    return `${localDate(instant, dhlZone)}T${clockTime(instant)}:00`;
  }

  function germanTime(instant: string): string {
    return `${localDate(instant, dhlZone).split('-').toReversed().join('.')} ${clockTime(instant)}`;
  }
}

function clockTime(instant: string): string {
  const minute = localMinute(instant, dhlZone);
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
