import { destinationOf } from '@quartermaster/domain';
import { createPacker, flowSettingsSchema, type FlowSettings, type ToPack } from '@quartermaster/flows';
import { parcelLimitGrams } from '@quartermaster/parcels';
import { numbersOf } from '@quartermaster/parcels/testing';
import { businessOf } from '../testing/business.ts';
import { tariff } from './orders.ts';

const shipments = 10_000;
const articles = 400;

/** A wave of 10,000 shipments, once as a shop has them (few articles sell much, most orders have one or two units) and once with contents that are nearly all different: how long its packing takes. */
export function someWaves(seed: number): { readonly lines: string[]; readonly reached: boolean } {
  const usual = timed(seed, 'as a shop has them', (next) => ({
    lines: 1 + Math.floor(next() ** 3 * 4),
    units: 1 + Math.floor(next() ** 4 * 3),
    draw: () => next() ** 3,
  }));
  const varied = timed(seed, 'nearly all different', (next) => ({
    lines: 2 + Math.floor(next() * 5),
    units: 1 + Math.floor(next() * 3),
    draw: () => next(),
  }));
  return { lines: [usual, varied].map(({ line }) => line), reached: usual.seconds < 60 && varied.seconds < 60 };
}

type Draw = { readonly lines: number; readonly units: number; readonly draw: () => number };

function timed(seed: number, name: string, drawn: (next: () => number) => Draw): { readonly line: string; readonly seconds: number } {
  const next = numbersOf(seed);
  const settings = withBoxes(seed);
  const wanted = Array.from({ length: shipments }, () => shipment(settings, drawn(next), next));
  const packer = createPacker({
    settings,
    product: (sku) => ({ ...article, sku, ref: sku, grams: 100 + (Number(sku.slice(1)) % 17) * 80 }),
    taken: new Map(),
  });
  const start = process.cpuUsage();
  let boxed = 0;
  for (const each of wanted) {
    const packed = packer.pack(each);
    if (packed.kind === 'packed' && packed.packing?.by === 'boxes') boxed++;
  }
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1_000_000;
  const line = `${shipments} shipments ${name}: ${seconds.toFixed(1)} s, ${packer.packings.size} different ones packed, ${boxed} shipments in boxes, the rest by weight`;
  return { line, seconds };
}

const article = { name: 'an article', storable: true, kit: null, millilitres: 0, millimetres: null };

function withBoxes(seed: number): FlowSettings {
  const next = numbersOf(seed + 1);
  const side = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const box = (name: string, length: number, width: number, height: number) => ({
    name,
    inner: [length, width, height],
    outer: [length + 8, width + 8, height + 12],
    tareGrams: Math.round((length * width + width * height + length * height) / 900),
    maxGrams: 30_000,
  });
  return flowSettingsSchema.parse({
    ...businessOf(['shop']),
    carriers: [{ connection: 'post', mode: 'auto', name: 'Post', tariff }],
    boxes: [box('XS', 200, 150, 100), box('S', 300, 220, 160), box('M', 400, 300, 200), box('L', 500, 400, 300), box('XL', 600, 400, 400)],
    productSides: Object.fromEntries(
      Array.from({ length: articles }, (_, index) => [`a${index}`, { millimetres: [side(30, 320), side(30, 240), side(15, 180)] }]),
    ),
  });
}

function shipment({ nodes, carriers, currency }: FlowSettings, { lines, units, draw }: Draw, next: () => number): ToPack {
  const [node] = nodes;
  const [carrier] = carriers;
  const service = carrier?.tariff.services[0];
  if (node === undefined || carrier === undefined || service === undefined) throw new Error('the business of the bench has no carrier');
  const skus = new Set(Array.from({ length: lines }, () => `a${Math.floor(draw() * articles)}`));
  const to = { ...destinationOf(node.address), postalArea: String(100 + Math.floor(next() * 800)) };
  return {
    node: node.id,
    lines: [...skus].map((sku, index) => ({ lineId: String(index), sku, units })),
    parcelLimitGrams: parcelLimitGrams(service),
    way: { carrier, service, from: destinationOf(node.address), to, date: '2026-11-23', quotes: [], currency },
  };
}
