import { sandboxFetch, virtualClock, withFaults, type SandboxFault } from '@quartermaster/connector-kit/sandbox';
import { sampleAddress, sampleRequest } from '@quartermaster/connector-kit/testing';
import type { EffectMemo, EffectRefs, FoundLabel } from '@quartermaster/domain';
import { easypostCarrier, type EasyPostOptions } from '../index.ts';
import { createEasyPostSandbox, type EasyPostSandboxOptions, type SandboxTariff } from '../sandbox/index.ts';

export const origin = 'https://easypost.test';
export const apiKey = 'EZTK-sandbox-key';

export const lanes = (baseMinor: number, perKgMinor: number, days: number) => [{ from: 'US', to: 'US', baseMinor, perKgMinor, days }];
export const usps: SandboxTariff = { carrier: 'USPS', service: 'GroundAdvantage', lanes: lanes(500, 100, 3) };
export const priority: SandboxTariff = { carrier: 'USPS', service: 'Priority', lanes: lanes(900, 150, 2) };
export const ups: SandboxTariff = { carrier: 'UPS', service: 'Ground', billing: 'carrier', lanes: lanes(700, 80, 4) };
export const worldwide: SandboxTariff = {
  carrier: 'DHLExpress',
  service: 'Worldwide',
  lanes: [{ from: 'DE', to: '*', baseMinor: 4_000, perKgMinor: 900, days: 3 }],
};

export const request = sampleRequest({
  shipFrom: { ...sampleAddress('Warehouse West', '417 Montgomery Street'), phone: null },
  shipTo: { ...sampleAddress('Ada Lovelace', '179 N Harbor Drive'), phone: null },
  parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'A', units: 1 }] },
  service: 'USPS/GroundAdvantage',
  format: 'zpl',
  shipAt: '2026-11-21T10:00:00.000Z',
  reference: 'SO1001',
});

/** Besides the faults of the kit: somebody on the way sends a call twice, or there is no way at all. */
export type Mishap = SandboxFault | 'sent-twice' | 'no-connection' | null;
export type Plan = (call: number, sent: Request) => Mishap;
export type World = {
  readonly plan?: Plan;
  readonly trouble?: EasyPostSandboxOptions['trouble'];
  readonly tariffs?: readonly SandboxTariff[];
  readonly options?: Partial<EasyPostOptions>;
};

export function world({ plan = () => null, trouble = () => null, tariffs = [usps, priority, ups, worldwide], options = {} }: World = {}) {
  const clock = virtualClock('2026-11-21T12:00:00.000Z');
  const sandbox = createEasyPostSandbox({ apiKey, clock, currency: 'USD', tariffs, trouble });
  const calls: string[] = [];
  let call = 0;
  async function app(sent: Request): Promise<Response> {
    calls.push(`${sent.method} ${new URL(sent.url).pathname.replaceAll(/shp_\w+/g, ':id')}`);
    const mishap = plan(call++, sent);
    if (mishap === 'no-connection')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
    if (mishap === 'sent-twice') await sandbox.app(sent.clone());
    return withFaults(sandbox.app, () => (mishap === 'sent-twice' ? null : mishap))(sent);
  }
  const carrier = easypostCarrier({
    connection: 'post',
    apiKey,
    baseUrl: origin,
    currency: 'USD',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [origin]: app }),
    ...options,
  });
  return { clock, sandbox, carrier, calls };
}

/** The journal's side of one intent: refs survive, and the process may die while it writes them. */
export function intent(key: string, dies: (refs: EffectRefs) => boolean = () => false) {
  let refs: EffectRefs = {};
  const raw: string[] = [];
  return {
    raw,
    refs: () => refs,
    memo: (): EffectMemo => ({
      key,
      refs,
      saveRefs(more) {
        refs = { ...refs, ...more };
        return dies(more) ? Promise.reject(new Error('the process was killed')) : Promise.resolve();
      },
      saveRaw(answer) {
        raw.push(answer);
        return Promise.resolve();
      },
      rawAnswers: async () => raw,
    }),
  };
}

export const onBuy = (fault: Mishap): Plan => {
  let done = false;
  return (_, sent) => {
    if (done || !sent.url.endsWith('/buy')) return null;
    done = true;
    return fault;
  };
};

export async function all(found: AsyncIterable<FoundLabel> = (async function* none() {})()): Promise<FoundLabel[]> {
  const labels: FoundLabel[] = [];
  for await (const label of found) labels.push(label);
  return labels;
}
