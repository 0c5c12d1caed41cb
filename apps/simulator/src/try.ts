import { drawDay } from './draw-day.ts';
import { liveDay } from './live-day.ts';
const [from, to, keep] = process.argv.slice(2).map(Number);
for (let seed = from ?? 1; seed <= (to ?? 1); seed++) {
  const t = process.cpuUsage();
  const lived = await liveDay(drawDay(seed), { keep: keep ?? 0 });
  const { user, system } = process.cpuUsage(t);
  console.log(seed, 'orders', lived.orders, 'labels', lived.labels, 'points', lived.points, lived.traceHash, 'cpu', (user + system) / 1e6);
  for (const v of lived.violations) console.log('   ', v.rule, '--', v.about);
  if (keep) console.log(lived.tail.join('\n'));
}
