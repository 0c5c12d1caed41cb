import type { ChargeType } from '@quartermaster/domain';
import type { ChargeClass } from './invoice-line.ts';

/** The columns of FedEx Billing Online, all columns, that a file cannot be without. */
export const fedexColumns = [
  'Bill to Account Number',
  'Invoice Date',
  'Invoice Number',
  'Express or Ground Tracking ID',
  'Transportation Charge Amount',
  'Net Charge Amount',
] as const;

/** The heads of the 25 pairs, which are all the same; some tools number the repeats: `Tracking ID Charge Amount (2)`. */
export const fedexPair = { description: /^Tracking ID Charge Description/i, amount: /^Tracking ID Charge Amount/i } as const;

export const fedexReferences = [
  'Updated Customer Reference',
  'Updated Ref#2',
  'Updated Ref#3/PO Number',
  'Original Customer Reference',
  'Original Ref#2',
  'Original Ref#3/PO Number',
  'RMA#',
] as const;

/** What the words of a charge mean; the first that fits counts, and what none fits is an accessorial. FedEx publishes no codes. */
export const fedexCharges: readonly { readonly words: RegExp; readonly class: ChargeClass; readonly type: ChargeType }[] = [
  { words: /credit|refund|money.?back|service failure/i, class: 'credit', type: 'adjustment' },
  { words: /discount|earned|performance pricing|bonus|automation/i, class: 'base', type: 'discount' },
  { words: /address correction/i, class: 'address-correction', type: 'adjustment' },
  { words: /(weight|dimension\w*|dim) (correction|adjustment|audit)/i, class: 'weight-correction', type: 'adjustment' },
  { words: /zone (correction|adjustment)/i, class: 'zone-correction', type: 'adjustment' },
  { words: /fuel/i, class: 'fuel', type: 'fuel-charge' },
  { words: /delivery area|extended|remote|out of (delivery|pickup) area/i, class: 'accessorial', type: 'location-fee' },
  { words: /residential/i, class: 'residential', type: 'location-fee' },
  { words: /oversize|unauthorized/i, class: 'accessorial', type: 'oversize' },
  { words: /additional handling/i, class: 'accessorial', type: 'handling' },
  { words: /signature/i, class: 'accessorial', type: 'confirmation' },
  { words: /declared value|insurance/i, class: 'accessorial', type: 'insurance' },
  { words: /duty|duties|customs|import|merchandise processing/i, class: 'duty-tax', type: 'duties-and-taxes' },
  { words: /\b(tax|vat|gst|hst|pst|qst)\b/i, class: 'duty-tax', type: 'tax' },
  { words: /clearance|brokerage|advancement|disbursement|ancillary/i, class: 'duty-tax', type: 'brokerage-fee' },
  { words: /return|call tag/i, class: 'return', type: 'returns' },
  { words: /saturday|sunday|weekend/i, class: 'accessorial', type: 'delivery' },
  { words: /pickup/i, class: 'accessorial', type: 'pickup' },
  { words: /transportation|freight/i, class: 'base', type: 'shipping' },
];
