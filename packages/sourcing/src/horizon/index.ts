export { clairvoyantBound } from './clairvoyant.ts';
export { forecastFromOrders, forecastFromRates, type DemandRate, type Forecast } from './forecast.ts';
export { generateStream, type GeneratedStream, type StreamChoice } from './generate-stream.ts';
export { parseHorizon, type Arrival, type Horizon, type Receipt } from './horizon.ts';
export { dailyWave, lookedUpOnce, lookingAhead, myopicRule, orderByOrder, type ValueOfStock } from './policies.ts';
export { PolicyError, simulate, type DayResult, type Policy, type Simulation, type Today } from './simulate.ts';
export { valueOfStock, type LookAhead, type Outlook } from './value-of-stock.ts';
