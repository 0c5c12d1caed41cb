import { drawDay } from './draw-day.ts';
import { liveDay } from './live-day.ts';
import { mutations } from './mutation.ts';
const m = process.env['MUT'];
const mutation = Object.entries(mutations).find(([n]) => n === m)?.[1];
const [from, to, keep] = process.argv.slice(2).map(Number);
const inspect = process.argv[5];
let total = 0;
for (let seed = from ?? 1; seed <= (to ?? 1); seed++) {
  const t = process.cpuUsage();
  const day = drawDay(seed);
  const lived = await liveDay(day, { keep: keep ?? 0, ...(mutation ? { mutation } : {}) });
  const { user, system } = process.cpuUsage(t);
  total += (user + system) / 1e6;
  console.log(
    seed,
    'replicas',
    day.replicas,
    'orders',
    lived.books.placed.length,
    'labels',
    lived.books.easypost.labels.length,
    'points',
    lived.points,
    lived.traceHash,
    'cpu',
    (user + system) / 1e6,
  );
  for (const v of lived.violations) console.log('   ', v.rule, '--', v.about.slice(0, 600));
  if (keep) console.log(lived.tail.join('\n'));
  if (inspect) {
    const p = lived.books.placed.find((x) => x.name === inspect);
    const c = p && lived.books.cases.get(p.key);
    console.log(p, JSON.stringify({ ...c, order: { ...c?.order, lines: c?.order.lines.map((l) => [l.id, l.sku, l.quantity]) } }, null, 1));
    console.log(p && JSON.stringify(lived.books.inShop(p)), JSON.stringify(p && lived.books.inOdoo(p)));
    for (const i of lived.books.intents.filter((x) => x.orderKey === p?.key))
      console.log(i.key, i.state, i.attempt, JSON.stringify(i.fault), JSON.stringify(i.result));
    console.log(JSON.stringify(lived.books.exceptions.map((e) => [e.code, e.subjectKey])));
    console.log(
      day.happenings
        .filter((h) => h.kind !== 'order')
        .map((h) => JSON.stringify(h))
        .join('\n'),
    );
  }
}
console.log('total cpu', total);
if (process.env['SKU']) {
  const lived = await liveDay(drawDay(from ?? 1));
  for (const p of lived.books.placed) {
    const c = lived.books.cases.get(p.key);
    const shot = lived.books.inShop(p);
    if (!shot.lines.some((l) => l.sku === process.env['SKU'])) continue;
    console.log(
      p.name,
      p.editedInOdoo,
      shot.cancelledAt,
      shot.fulfillmentStatus,
      JSON.stringify(shot.lines.map((l) => [l.sku, l.quantity, l.currentQuantity])),
      c?.state,
      JSON.stringify(c?.holds),
      JSON.stringify(c?.shipments.map((s) => [s.node, s.state, s.lines])),
      c?.order.status,
      c?.pending?.status,
    );
    console.log('   ', JSON.stringify(lived.books.inOdoo(p).map((o) => [o.state, o.pickings])));
  }
  console.log(JSON.stringify(lived.books.odoo.quants));
}
if (process.env['SKU']) {
  const lived = await liveDay(drawDay(from ?? 1));
  for (const i of lived.books.intents.filter((x) => x.kind === 'push-stock'))
    console.log(
      i.key.slice(0, 42),
      i.state,
      i.attempt,
      JSON.stringify(JSON.parse(JSON.stringify(i.payload)).levels.filter((l: { sku: string }) => l.sku === process.env['SKU'])),
      JSON.stringify(i.result),
    );
}
