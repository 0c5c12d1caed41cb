import { redactor } from '@quartermaster/connector-kit';
import { eventLevels, safeEvent, type EventLevel, type EventLog } from '@quartermaster/flows';
import { printJson, type Output } from './output.ts';

/** Writes events as JSON, one a line, those of `level` and above; what may not leave stays inside (`safeEvent`), and no secret that `secrets` gives leaves at all. */
export function eventLog(
  output: Output,
  { level, secrets }: { readonly level: EventLevel; readonly secrets: () => readonly string[] },
): EventLog {
  const least = eventLevels.indexOf(level);
  let known = -1;
  let redact = redactor([]);
  return (event) => {
    const all = secrets();
    // Secrets become known one after the other while the connections are made.
    if (all.length !== known) {
      known = all.length;
      redact = redactor(all);
    }
    const safe = safeEvent(event, redact);
    if (eventLevels.indexOf(safe.level) >= least) printJson(output, safe);
  };
}

/** Tells several of one event. */
export function toldToAll(...logs: readonly EventLog[]): EventLog {
  return (event) => {
    for (const log of logs) log(event);
  };
}
