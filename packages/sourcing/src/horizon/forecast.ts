import type { ProblemOrder } from '../problem.ts';
import { seededNumbers } from '../random.ts';
import type { Arrival } from './horizon.ts';

/** Tells what may come: the port behind which any demand forecast stands. */
export interface Forecast {
  /** Orders of the days 1 up to, not including, `days`, counted from today: one of the futures that may come. Same seed, same future. */
  sample(seed: number, days: number): readonly Arrival[];
}

/** The past comes again, shuffled: each day has as many orders as some past day, each of them one of all past orders. */
export function forecastFromOrders(history: readonly (readonly ProblemOrder[])[], waitDays = 0): Forecast {
  const orders = history.flat();
  return {
    sample: (seed, days) => {
      const random = seededNumbers(seed);
      const arrivals: Arrival[] = [];
      for (let day = 1; day < days; day++) {
        const count = history[Math.floor(random() * history.length)]?.length ?? 0;
        for (let each = 0; each < count; each++)
          arrivals.push({ day, lastDay: day + waitDays, order: orders[Math.floor(random() * orders.length)]! });
      }
      return arrivals;
    },
  };
}
