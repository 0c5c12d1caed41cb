import { mayCall, seekPage, timeIn, type Answer, type Asked } from './answers.ts';
import { timeText, type MarketState } from './state.ts';

export function listReturns(state: MarketState, { query }: Asked): Answer {
  if (query.get('page_token') === null) mayCall(state, 'RT11', 300_000);
  const from = timeIn(query, 'return_last_updated_from') ?? 0;
  const found = state.returns.filter(({ updatedAt }) => Math.floor(updatedAt / 1_000) * 1_000 >= from);
  const { next, page } = seekPage(found, query);
  const data = page.map((one) => ({
    id: one.id,
    order_id: one.orderId,
    order_commercial_id: one.orderId.replace(/-A$/, ''),
    date_created: timeText(one.at),
    last_updated: timeText(one.updatedAt),
    method_code: 'RETURN_METHOD_BY_MAIL',
    return_address: null,
    state: one.state,
    reason_code: 'RETURN_CHANGED_MIND',
    return_lines: one.lines.map(({ lineId, quantity }) => ({ order_line_id: lineId, quantity, reason_code: 'RETURN_CHANGED_MIND' })),
  }));
  return { status: 200, body: { data, ...next } };
}
