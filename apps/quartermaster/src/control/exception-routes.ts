import { exceptionQueue, listIntents, listSchemas, queuedOf, requestSchemas, settingsInForce, type FlowWorld } from '@quartermaster/flows';
import { act, askedBy, bodyOf, carriedOut, notFound, numberOf, plain, queryOf, see, type Answering, type ControlRoute } from './route.ts';

/** What waits for a person: exceptions, and writes to the outside that did not go well. */
export function exceptionRoutes({ flows, operations }: Answering): ControlRoute[] {
  const { journal } = flows;
  return [
    see('/exceptions', async (context) => {
      const { open, overdue, ...query } = queryOf(context, listSchemas.exceptions);
      const asked = { ...query, open: open === 'true', ...(overdue === undefined ? {} : { overdue: true }) };
      return { exceptions: plain(await journal.read((tx) => exceptionQueue(tx, asked, queueClock(flows)))) };
    }),
    see('/exceptions/:id', async (context) => {
      const id = numberOf(context);
      const found = await journal.read(async (tx) => {
        const exception = await tx.exceptions.get(id);
        return exception === null ? null : queuedOf(tx, exception, queueClock(flows));
      });
      if (found === null) throw notFound(`there is no exception ${id}`);
      return plain(found);
    }),
    act('/exceptions/retry', 'operator', async (context, caller) => {
      const { which, provedAbsent, ...request } = await bodyOf(context, requestSchemas.retryExceptions);
      return carriedOut(await operations.retryExceptions(askedBy(caller, request), { which, provedAbsent }));
    }),
    act('/exceptions/assign', 'operator', async (context, caller) => {
      const { which, owner, ...request } = await bodyOf(context, requestSchemas.assign);
      return carriedOut(await operations.assignExceptions(askedBy(caller, request), { which, owner }));
    }),
    act('/exceptions/snooze', 'operator', async (context, caller) => {
      const { which, until, ...request } = await bodyOf(context, requestSchemas.snooze);
      return carriedOut(await operations.snoozeExceptions(askedBy(caller, request), { which, until }));
    }),
    act('/exceptions/:id/retry', 'operator', async (context, caller) => {
      const { provedAbsent, ...request } = await bodyOf(context, requestSchemas.retry);
      return carriedOut(await operations.retryException(askedBy(caller, request), { exception: numberOf(context), provedAbsent }));
    }),
    see('/intents', async (context) => ({ intents: plain(await listIntents(journal, queryOf(context, listSchemas.intents))) })),
    act('/intents/:id/retry', 'operator', async (context, caller) => {
      const { provedAbsent, ...request } = await bodyOf(context, requestSchemas.retry);
      return carriedOut(await operations.retryIntent(askedBy(caller, request), { intent: numberOf(context), provedAbsent }));
    }),
    act('/intents/:id/drop', 'operator', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.drop);
      return carriedOut(await operations.dropIntent(askedBy(caller, request), { intent: numberOf(context) }));
    }),
    act('/intents/:id/label', 'operator', async (context, caller) => {
      const { trackingNumber, price, trackingUrl, ...request } = await bodyOf(context, requestSchemas.label);
      const typed = { intent: numberOf(context), trackingNumber, price, trackingUrl };
      return carriedOut(await operations.typeLabel(askedBy(caller, request), typed));
    }),
  ];
}

function queueClock({ settings, clock }: Pick<FlowWorld, 'settings' | 'clock'>) {
  return { policy: settingsInForce(settings).exceptions, now: clock.now() };
}
