import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { destinationOf, localDate, type Clock, type Destination } from '@quartermaster/domain';
import { createEasyPostSandbox, type EasyPostSandbox, type SandboxTariff } from '@quartermaster/easypost/sandbox';
import { priceParcel, type Tariff } from '@quartermaster/parcels';
import { z } from 'zod';
import type { World } from '../world.ts';

export type CarrierAccess = { readonly apiKey: string };

export type OpenCarrier = { readonly app: SandboxApp; readonly sandbox: EasyPostSandbox };

/** Connection of the carrier that is asked over its API. */
export const apiCarrier = 'easypost';

/**
 * Opens an emulated EasyPost that quotes from the very tariff that the world's optimizer expects. The sandbox itself prices by country and kilogram; the tariff by postal area and
 * band. So whenever a shipment is about to be rated, its own prices become the sandbox's; requests go one at a time for that.
 */
export function openCarrier(world: World, access: CarrierAccess, clock: Clock): OpenCarrier {
  const tariff = world.carriers.find(({ connection }) => connection === apiCarrier)?.tariff;
  const sandbox = createEasyPostSandbox({ ...access, clock, currency: world.currency, tariffs: [] });
  if (tariff === undefined) return { app: sandbox.app, sandbox };

  const routes = new Map<string, Route>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    sandbox,
    app(request) {
      const turn = last.then(() => ratedAnswer(request));
      last = turn.catch(() => undefined);
      return turn;
    },
  };

  async function ratedAnswer(request: Request): Promise<Response> {
    const rated = await ratedRoute(request);
    if (rated !== null && tariff !== undefined) sandbox.setTariffs(cardFor(tariff, rated, localDate(clock.now(), world.zone)));
    const response = await sandbox.app(request);
    if (rated !== null && response.status === 201) {
      const created = createdSchema.safeParse(await response.clone().json());
      if (created.success) routes.set(created.data.id, rated);
    }
    return response;
  }

  /** The way of the parcel that this request has rated; null when it rates none. */
  async function ratedRoute(request: Request): Promise<Route | null> {
    if (request.method !== 'POST') return null;
    const { pathname } = new URL(request.url);
    const again = /^\/v2\/shipments\/(\w+)\/rerate$/.exec(pathname)?.[1];
    if (again !== undefined) return routes.get(again) ?? null;
    if (pathname !== '/v2/shipments') return null;
    const draft = draftSchema.safeParse(jsonOf(await request.clone().text()));
    return draft.success ? draft.data : null;
  }
}

/** Our names of the API carrier's services to EasyPost's own words, as the connector's `serviceMap` wants them. */
export function serviceMapOf(world: World): Record<string, string> {
  const tariff = world.carriers.find(({ connection }) => connection === apiCarrier)?.tariff;
  return Object.fromEntries((tariff?.services ?? []).map((service) => [service.id, `${tariff?.carrier ?? ''}/${service.carrierService}`]));
}

type Route = { readonly from: Destination; readonly to: Destination; readonly grams: number };

/** What each service takes for this one parcel; a service that does not go there has no lane, and the sandbox says so. */
function cardFor(tariff: Tariff, { from, to, grams }: Route, date: string): SandboxTariff[] {
  return tariff.services.map((service) => {
    const price = priceParcel(tariff, service.id, { from, to, parcel: { grams, millimetres: null }, date });
    const lanes =
      price.kind === 'priced' ? [{ from: '*', to: '*', baseMinor: price.total.minor, perKgMinor: 0, days: price.transitDays }] : [];
    return { carrier: tariff.carrier, service: service.carrierService, lanes };
  });
}

const placeSchema = z
  .object({ country: z.string(), state: z.string().nullish(), zip: z.string().nullish() })
  .transform(({ country, state, zip }): Destination => destinationOf({ ...nobody, country, region: state ?? null, postalCode: zip ?? '' }));
const nobody = { name: '', company: null, lines: [], city: '', phone: null, email: null };

/** EasyPost's ounces come from grams rounded up to a tenth of an ounce: the lightest parcel that rounds so is taken. */
const gramsSchema = z.number().transform((ounces) => Math.max(1, Math.floor((Math.round(ounces * 10) - 1) * 2.8349523125) + 1));

const draftSchema = z
  .object({ shipment: z.object({ from_address: placeSchema, to_address: placeSchema, parcel: z.object({ weight: gramsSchema }) }) })
  .transform(({ shipment }): Route => ({ from: shipment.from_address, to: shipment.to_address, grams: shipment.parcel.weight }));

const createdSchema = z.object({ id: z.string() });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
