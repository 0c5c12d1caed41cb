/** What is sold of something in a day: mean and standard deviation in units, over so many whole days. */
export type DailyDemand = { readonly mean: number; readonly deviation: number; readonly days: number };

export const noDemand: DailyDemand = { mean: 0, deviation: 0, days: 0 };

/** Daily demand of these days, one number of units each; days on which nothing was sold are among them as 0. */
export function dailyDemand(units: readonly number[]): DailyDemand {
  if (units.length === 0) return noDemand;
  const mean = units.reduce((sum, each) => sum + each, 0) / units.length;
  const squares = units.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, deviation: units.length < 2 ? 0 : Math.sqrt(squares / (units.length - 1)), days: units.length };
}

/** For how many days these units last at the demand of the past; null where nothing was sold: no number of days is right. */
export function daysOfCover(units: number, demand: DailyDemand): number | null {
  return demand.mean <= 0 ? null : Math.max(0, units) / demand.mean;
}
