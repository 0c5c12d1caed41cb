import { localDate } from '@quartermaster/domain';
import { systemClock } from '@quartermaster/connector-kit';
import { fuelPercentOn, inEffect, type TariffService } from '@quartermaster/parcels';
import { loadConfig } from '../config.ts';
import { exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';

/**
 * `qm tariffs`: what the tariffs of a config are made of, once they were found right. Those in CSV files are read anew; a bad row ends the command with all of them. A tariff that does not hold today ends it
 * with exit code 1.
 */
export function tariffsCommand(given: { readonly config: string; readonly json: boolean }, output: Output): ExitCode {
  const { config } = loadConfig(given.config);
  const today = localDate(systemClock.now(), config.zone);
  const told = config.carriers.flatMap(({ connection, tariff }) =>
    tariff.services.map((service) => ({
      connection,
      tariff: tariff.id,
      service: service.id,
      ways: service.zones.length,
      zones: service.prices.length,
      prices: service.prices.reduce((sum, price) => sum + ('bands' in price ? price.bands.length : 1), 0),
      surcharges: service.surcharges.length,
      fuelPercent: fuelPercentOn(service, today) ?? null,
      lastFuel: lastDayOf(service),
      effectiveFrom: tariff.effectiveFrom,
      effectiveTo: tariff.effectiveTo ?? null,
      isInEffect: inEffect(tariff, today),
    })),
  );
  const stale = [...new Set(told.filter(({ isInEffect }) => !isInEffect).map(({ tariff }) => tariff))];
  if (given.json) printJson(output, { today, services: told });
  else {
    const heading = ['connection', 'tariff', 'service', 'ways', 'zones', 'prices', 'surcharges', 'fuel %', 'fuel since', 'from', 'until'];
    const rows = told.map((each) => [
      ...[each.connection, each.tariff, each.service, each.ways, each.zones, each.prices, each.surcharges].map(String),
      ...[each.fuelPercent, each.lastFuel, each.effectiveFrom, each.effectiveTo].map((value) => value ?? '-'),
    ]);
    output.out(table([heading, ...rows], new Set([3, 4, 5, 6, 7])));
    for (const tariff of stale) output.out(`the tariff ${tariff} does not hold today, ${today}\n`);
  }
  return stale.length === 0 ? exitCodes.ok : exitCodes.no;
}

/** The last day from which on the book says what fuel is: old where somebody forgot the weekly figure. */
function lastDayOf({ fuel }: TariffService): string | null {
  return fuel?.at(-1)?.effectiveFrom ?? null;
}
