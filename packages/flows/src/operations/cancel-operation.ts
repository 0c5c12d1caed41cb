import type { CancelReason, Channel } from '@quartermaster/domain';
import { allHasLeft, hasLeft, physicalLines, type OrderCase } from '@quartermaster/fulfilment';
import type { FlowContext } from '../context.ts';
import { findCase } from '../order-cases.ts';
import { linesNamed, type NamedUnits, type UnitsOfLine } from './named-lines.ts';
import { letHappen, operate, refused, type Asked, type Outcome, type Refused } from './operation.ts';

/**
 * Cancels an order, or units of its lines: here, in the ERP, and, once nothing leaves any more, in the channel. Refused in words where that cannot be done, and nothing is stopped then: an order
 * that is stopped here and goes on in the channel would be worse.
 */
export async function cancelOrder(
  context: FlowContext,
  asked: Asked,
  given: { readonly order: string; readonly lines: readonly NamedUnits[]; readonly cause: CancelReason },
): Promise<Outcome> {
  const { order: key, cause: reason } = given;
  const id = asked.requestId;
  return operate(context, asked, { name: 'cancel', needs: 'operator', given: { ...given, lines: [...given.lines] } }, async (tx) => {
    const found = await findCase(tx, key);
    if (found === null) return refused('not-found', `the journal has no order ${key}`, "Look its key up with 'qm explain'.");
    const channel = context.channels.get(found.case.scope.connection);
    const named = linesNamed(found.case, given.lines);
    if (typeof named === 'string') return refused('impossible', named, 'Name lines as the order has them.');
    const whole = named.length === 0 || isAll(found.case, named);
    const objection = whole ? whyNotWhole(found.case, channel) : whyNotUnits(found.case, channel);
    if (objection !== null) return objection;
    const lines = named.map(({ line, units }) => ({ lineId: line.id, units }));
    return whole
      ? letHappen(tx, context, key, { kind: 'cancel-requested', by: 'operator', inChannel: { id, reason } })
      : letHappen(tx, context, key, { kind: 'lines-cancelled', id, lines, reason });
  });
}

function isAll({ order }: OrderCase, named: readonly UnitsOfLine[]): boolean {
  return physicalLines(order).every((line) => named.some((each) => each.line.id === line.id && each.units === line.quantity));
}

function whyNotWhole(given: OrderCase, channel: Channel | undefined): Refused | null {
  if (given.shipments.length > 0 && allHasLeft(given))
    return impossible(
      'everything of the order has left',
      "Call the parcels back at the carrier, or expect a return; 'qm refund' gives money back.",
    );
  const cannot = whyNotInChannel(given, channel);
  if (cannot !== null) return cannot;
  if (!given.shipments.some(hasLeft) || channel?.capabilities.partialCancel === true) return null;
  return impossible(
    `a part of the order has left, and ${given.scope.connection} cancels whole orders only`,
    "Hold the order ('qm hold'), cancel its open deliveries in the ERP, and give back what does not leave ('qm refund --line').",
  );
}

function whyNotUnits(given: OrderCase, channel: Channel | undefined): Refused | null {
  const cannot = whyNotInChannel(given, channel);
  if (cannot !== null) return cannot;
  if (channel?.capabilities.partialCancel === false)
    return impossible(
      `${given.scope.connection} cancels whole orders only`,
      "Cancel the whole order, or ship it and give the units back ('qm refund --line').",
    );
  if (!given.erpWriteAsked) return null;
  return impossible(
    `the ERP has the order${given.erp === null ? '' : ` as ${given.erp.name}`}: its lines are not changed there from here`,
    'Cancel the whole order; or take the units out in the ERP and in the channel, and release the hold `revised` that follows.',
  );
}

function whyNotInChannel({ scope, order }: OrderCase, channel: Channel | undefined): Refused | null {
  if (channel !== undefined && channel.cancellation !== null) return null;
  if (order.status === 'cancelled') return null;
  const what = channel === undefined ? 'is not in the config any more' : 'takes no cancellations';
  return impossible(
    `the channel ${scope.connection} ${what}`,
    'Cancel the order there by hand: it is stopped here when the channel says so.',
  );
}

function impossible(message: string, next: string): Refused {
  return refused('impossible', message, next);
}
