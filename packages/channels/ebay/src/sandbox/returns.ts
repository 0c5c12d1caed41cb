import { EbayRefusal, type Answer, type Asked } from './answers.ts';
import { nextNumber, nowOf, touch, type EbayState, type OrderState, type ReturnState } from './state.ts';

/** Search Returns: by the day of opening, in pages, newest first. */
export function searchReturns(state: EbayState, asked: Asked): Answer {
  const { query } = asked;
  const [from, to] = [query.get('creation_date_range_from'), query.get('creation_date_range_to')];
  if ((from === null) !== (to === null)) throw refused('Both ends of the range must be given');
  const limit = Number(query.get('limit') ?? '25');
  const offset = Number(query.get('offset') ?? '0');
  if (!Number.isInteger(limit) || limit < 1 || limit > 200 || !Number.isInteger(offset) || offset < 0) throw refused('Invalid page');
  const chosen = [...state.returns.values()]
    .filter(({ openedAt }) => from === null || (openedAt >= dateOf(from) && openedAt <= dateOf(to ?? '')))
    .reverse();
  const members = chosen.slice(offset, offset + limit).map((one) => view(state, one));
  return { status: 200, body: { members, total: chosen.length, paginationOutput: { offset, limit, totalEntries: chosen.length } } };
}

/** A buyer opens a return of a line. Gives its id. */
export function openReturn(state: EbayState, order: OrderState, sku: string, units: number): string {
  const line = order.lines.find((one) => one.sku === sku);
  if (line === undefined) throw new RangeError(`the order has no ${sku}`);
  const id = `5${String(nextNumber(state, 'return')).padStart(9, '0')}`;
  const about = { orderId: order.id, itemId: line.legacyItemId, transactionId: line.id, units, reason: 'NOT_AS_DESCRIBED' };
  state.returns.set(id, { id, ...about, openedAt: nowOf(state), state: 'RETURN_REQUESTED' });
  touch(state, order);
  return id;
}

function view(state: EbayState, one: ReturnState) {
  return {
    returnId: one.id,
    orderId: one.orderId,
    sellerLoginName: state.sellerId,
    currentType: 'MONEY_BACK',
    state: one.state,
    status: one.state,
    creationInfo: {
      type: 'MONEY_BACK',
      reason: one.reason,
      creationDate: { value: one.openedAt },
      item: { itemId: one.itemId, transactionId: one.transactionId, returnQuantity: one.units },
    },
    sellerTotalRefund: {},
  };
}

function dateOf(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw refused('Invalid date');
  return new Date(ms).toISOString();
}

/** The Post-Order API's error numbers are not in its published schema: this is the sandbox's own. */
function refused(message: string): EbayRefusal {
  return new EbayRefusal(400, 1_602, message, 'postorder.return');
}
