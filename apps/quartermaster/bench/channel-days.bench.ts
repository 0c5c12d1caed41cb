import { liveChannelDay, type DayOutcome } from './testing/channel-day.ts';
import { stands } from './testing/stands.ts';
import { machine, say } from './daemon/machine.ts';

/** At most so much of the time for which calls were held back may be our own doing, where they were held back for more than a minute of the day in all. */
const mostNeedless = 0.1;
const worthLookingMs = 60_000;

/**
 * Lives a day of 5,000 orders on each channel: `npm run bench -- channel-days [ORDERS] [CHANNEL ...]`. Orders come over 24 hours with the peaks of a shop's day; they are read as the daemon reads
 * them, all shipments are confirmed at five pickups, eight at a time, and stock is published every hour. The sandboxes enforce what their vendors allow and take 150 ms for each answer; time is
 * virtual. Fails where an order was not known or not confirmed, a call was refused for rate after the first minute, or calls were held back for more than a tenth longer than the vendor would have.
 */
export async function bench(): Promise<void> {
  const words = process.argv.slice(3);
  const orders = Number(words.find((word) => /^\d+$/.test(word)) ?? 5_000);
  const named = Object.keys(stands).filter((name) => words.includes(name));
  say(machine());
  for (const [name, open] of Object.entries(stands)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const before = process.cpuUsage();
    const outcome = await liveChannelDay(open, { orders, from: 0, until: 24 });
    const { user, system } = process.cpuUsage(before);
    tell(name, outcome, (user + system) / 1e6);
  }
}

function tell(name: string, outcome: DayOutcome, cpuSeconds: number): void {
  const { orders, known, confirmed, knownAfterMs, toldAfterMs, wire, refusedLater } = outcome;
  const waited = outcome.heldBack.filter(({ waitedMs }) => waitedMs > 0);
  const worst = waited
    .filter(({ waitedMs }) => waitedMs > worthLookingMs)
    .map((each) => ({ ...each, share: each.needlessMs / each.waitedMs }))
    .sort((one, other) => other.share - one.share)[0];
  const at = (share: number) => ((knownAfterMs[Math.floor(knownAfterMs.length * share)] ?? knownAfterMs.at(-1) ?? 0) / 1_000).toFixed(0);
  const calls = wire.calls().map(([operation, count]) => `${count} ${operation}`);
  say(`${name}: ${orders} orders, ${known} known, ${confirmed} confirmed; CPU ${cpuSeconds.toFixed(1)} s with its sandbox`);
  say(`  ${wire.all()} calls (${calls.join(', ')})`);
  say(`  refused for rate ${wire.refused()}, after the first minute ${refusedLater}`);
  say(
    `  known after p50 ${at(0.5)} s, p99 ${at(0.99)} s, longest ${at(1)} s; all of a pickup told within ${(toldAfterMs / 1_000).toFixed(0)} s`,
  );
  for (const { bucket, calls: count, waitedMs, needlessMs } of waited)
    say(
      `  ${bucket}: ${count} calls, held back for ${(waitedMs / 1_000).toFixed(0)} s, of it ${(needlessMs / 1_000).toFixed(1)} s needlessly`,
    );
  say(
    `  largest idle share while work waited: ${worst === undefined ? 'no bucket held back for a minute' : `${(100 * worst.share).toFixed(1)} % (${worst.bucket})`}`,
  );
  if (known < orders || confirmed < orders || refusedLater > 0 || (worst?.share ?? 0) > mostNeedless) process.exitCode = 1;
}
