import { decimalOf } from '@quartermaster/domain';
import { absent, limitOf, needKnown, timeOf, type Asked } from './answers.ts';
import type { ReturnState, WalmartState } from './state.ts';

const known = [
  'returnOrderId',
  'customerOrderId',
  'status',
  'replacementInfo',
  'returnType',
  'returnCreationStartDate',
  'returnCreationEndDate',
  'returnLastModifiedStartDate',
  'returnLastModifiedEndDate',
  'limit',
  'sellerId',
  'offset',
];

/** GET /v3/returns: the cursor is a query string with an offset. */
export function getReturns(state: WalmartState, asked: Asked) {
  const { query } = asked;
  needKnown(asked, known, 'RETURNS');
  const limit = limitOf(query.get('limit'), 200, 10, 'RETURNS');
  const from = timeOf(query.get('returnLastModifiedStartDate'), 'RETURNS') ?? -Infinity;
  const to = timeOf(query.get('returnLastModifiedEndDate'), 'RETURNS') ?? Infinity;
  const found = [...state.returns.values()].filter(({ modifiedAt }) => modifiedAt > from && modifiedAt < to).reverse();
  if (found.length === 0) throw absent('No returns found', 'RETURNS');
  const offset = Number(query.get('offset') ?? 0);
  const next = new URLSearchParams({ ...Object.fromEntries(query), limit: String(limit), offset: String(offset + limit), sellerId: '8' });
  return {
    meta: { totalCount: found.length, limit, nextCursor: offset + limit < found.length ? `?${next.toString()}` : '' },
    returnOrders: found.slice(offset, offset + limit).map((one) => returnView(state, one)),
  };
}

function returnView(state: WalmartState, { id, order, line, units, reason, createdAt, modifiedAt, status }: ReturnState) {
  const { currency } = state;
  const amount = { currencyAmount: Number(decimalOf({ minor: line.unitPrice * units, currency })), currencyUnit: currency };
  return {
    returnOrderId: id,
    customerEmailId: order.email,
    customerName: { firstName: order.address.name, lastName: '' },
    customerOrderId: order.customerOrderId,
    returnOrderDate: new Date(createdAt).toISOString(),
    totalRefundAmount: amount,
    returnLineGroups: [
      {
        groupNo: 1,
        returnLines: [{ returnOrderLineNumber: 1 }],
        labels: [
          {
            labelImageURL: `https://labels.example/${id}.png`,
            carrierInfoList: [{ carrierId: '11', carrierName: 'FEDEX', serviceType: 'Ground', trackingNo: `7856${id.slice(-8)}` }],
          },
        ],
        returnExpectedFlag: true,
      },
    ],
    returnOrderLines: [
      {
        returnOrderLineNumber: 1,
        salesOrderLineNumber: Number(line.number),
        returnReason: reason,
        purchaseOrderId: order.id,
        purchaseOrderLineNumber: Number(line.number),
        item: { sku: line.sku, productName: line.title },
        quantity: { unitOfMeasure: 'EACH', measurementValue: units },
        currentRefundStatus: status === 'COMPLETED' ? 'REFUND_COMPLETED' : 'NOT_INITIATED',
        returnTrackingDetail: [{ sequenceNo: 0, eventTag: 'RETURN_INITIATED', eventTime: new Date(createdAt).toISOString() }],
        status,
        statusTime: new Date(modifiedAt).toISOString(),
      },
    ],
    returnChannel: { channelName: 'ONLINE' },
  };
}
