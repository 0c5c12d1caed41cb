import { expect, test } from 'vitest';
import { liveChannelDay } from './channel-day.ts';
import { stands } from './stands.ts';

// One rule for all channels; `npm run bench -- channel-days` holds it for the whole day.

test.each(Object.entries(stands))(
  'in the busiest hour of a day of 5,000 orders %s refuses no call for rate, and nothing waits longer than it must',
  { timeout: 120_000 },
  async (_name, open) => {
    const { orders, known, confirmed, refusedLater, heldBack } = await liveChannelDay(open, { orders: 5_000, from: 20, until: 21 });

    const idle = heldBack.filter(({ waitedMs, needlessMs }) => waitedMs > 60_000 && needlessMs > waitedMs / 10);
    expect({ known, confirmed, refusedLater, idle }).toEqual({ known: orders, confirmed: orders, refusedLater: 0, idle: [] });
  },
);
