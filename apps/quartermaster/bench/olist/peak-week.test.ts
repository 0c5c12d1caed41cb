import { readOlistTables } from '@quartermaster/sandbox';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { comparePeakWeek } from './compare.ts';
import { peakWeek } from './peak-week.ts';

const folder = join(import.meta.dirname, '../../../../../shared/data/olist');

test.skipIf(!existsSync(folder))(
  'over a scarce peak week of real orders ours costs less than every usual rule, looking ahead still less, and nobody less than is proven (needs ../shared)',
  async () => {
    const week = peakWeek(await readOlistTables(folder), { monday: '2017-11-20', weeks: 2, nodes: 12, cover: 0.9, historyWeeks: 3 });

    const { bound, lived } = await comparePeakWeek(week, { samples: 4, workLimit: 1_000 });

    const [byWave, ahead] = lived.filter(({ isRule }) => !isRule).map(({ cost }) => cost.total);
    const rules = lived.filter(({ isRule }) => isRule).map(({ cost }) => cost.total);
    expect(rules).toHaveLength(4);
    expect(byWave).toBeLessThan(Math.min(...rules));
    expect(ahead).toBeLessThan(byWave ?? 0);
    expect(ahead).toBeGreaterThanOrEqual(bound);
  },
  240_000,
);
