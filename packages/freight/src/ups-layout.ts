import type { ChargeType } from '@quartermaster/domain';
import type { ChargeClass } from './invoice-line.ts';

/** Cells of a row of UPS Billing Data, which has no heading. */
export const upsColumnCount = 250;

/** Where the columns that we use stand, from 0. Names as published; two independent parsers agree on the positions. */
export const upsColumns: Readonly<Record<string, number>> = {
  Version: 0,
  'Account Number': 2,
  'Invoice Date': 4,
  'Invoice Number': 5,
  'Invoice Currency Code': 9,
  'Invoice Amount': 10,
  'Transaction Date': 11,
  'Lead Shipment Number': 13,
  'Shipment Reference Number 1': 15,
  'Shipment Reference Number 2': 16,
  'Tracking Number': 20,
  'Package Reference Number 1': 21,
  'Package Reference Number 2': 22,
  'Package Reference Number 3': 23,
  'Package Reference Number 4': 24,
  'Package Reference Number 5': 25,
  'Entered Weight': 26,
  'Entered Weight Unit of Measure': 27,
  'Billed Weight': 28,
  'Billed Weight Unit of Measure': 29,
  'Package Dimensions': 32,
  Zone: 33,
  'Charge Category Code': 34,
  'Charge Category Detail Code': 35,
  'Charge Classification Code': 43,
  'Charge Description Code': 44,
  'Charge Description': 45,
  'Transaction Currency Code': 50,
  'Net Amount': 52,
  'Receiver State': 79,
  'Receiver Postal': 80,
  'Receiver Country': 81,
  'Shipment Date': 116,
  'Shipment Delivery Date': 121,
  'Miscellaneous Line 1': 174,
  'Package Dimension Unit Of Measure': 195,
  'Corrected Zone': 197,
  'Original tracking number': 200,
};

export const upsReferences = [
  'Package Reference Number 1',
  'Package Reference Number 2',
  'Package Reference Number 3',
  'Package Reference Number 4',
  'Package Reference Number 5',
  'Shipment Reference Number 1',
  'Shipment Reference Number 2',
] as const;

/** Charge category detail codes of adjustments (category ADJ) that say by themselves what they are; every other one is told by its classification, as a normal charge. */
export const upsAdjustments: Readonly<Record<string, ChargeClass>> = {
  ADC: 'address-correction',
  SCC: 'weight-correction',
  ZONE: 'zone-correction',
  RADJ: 'residential',
  CADJ: 'credit',
  GSR: 'credit',
  AGSR: 'credit',
  VOID: 'credit',
};

/** Charge classification codes. INF is for information only: it is never summed. */
export const upsClassifications: Readonly<Record<string, { readonly class: ChargeClass; readonly type: ChargeType }>> = {
  FRT: { class: 'base', type: 'shipping' },
  FSC: { class: 'fuel', type: 'fuel-charge' },
  ACC: { class: 'accessorial', type: 'additional-fees' },
  TAX: { class: 'duty-tax', type: 'tax' },
  BRK: { class: 'duty-tax', type: 'brokerage-fee' },
  GOV: { class: 'duty-tax', type: 'duties-and-taxes' },
  EXM: { class: 'duty-tax', type: 'adjustment' },
  MSC: { class: 'accessorial', type: 'additional-fees' },
};

/** Charge description codes of accessorials; the numbers are those of UPS's rating API, which our accruals have. */
export const upsAccessorials: Readonly<Record<string, { readonly class: ChargeClass; readonly type: ChargeType }>> = {
  RES: { class: 'residential', type: 'location-fee' },
  '270': { class: 'residential', type: 'location-fee' },
  RDC: { class: 'accessorial', type: 'location-fee' },
  RDR: { class: 'accessorial', type: 'location-fee' },
  LDC: { class: 'accessorial', type: 'location-fee' },
  LDR: { class: 'accessorial', type: 'location-fee' },
  ESD: { class: 'accessorial', type: 'location-fee' },
  AHC: { class: 'accessorial', type: 'handling' },
  AHG: { class: 'accessorial', type: 'handling' },
  AHL: { class: 'accessorial', type: 'handling' },
  AHW: { class: 'accessorial', type: 'handling' },
  NCB: { class: 'accessorial', type: 'oversize' },
  NLN: { class: 'accessorial', type: 'oversize' },
  SAH: { class: 'accessorial', type: 'additional-fees' },
  PSC: { class: 'accessorial', type: 'additional-fees' },
  PSR: { class: 'accessorial', type: 'additional-fees' },
  DCS: { class: 'accessorial', type: 'confirmation' },
  ADS: { class: 'accessorial', type: 'confirmation' },
  SAT: { class: 'accessorial', type: 'delivery' },
  NPF: { class: 'accessorial', type: 'admin-fee' },
  FSC: { class: 'fuel', type: 'fuel-charge' },
  '375': { class: 'fuel', type: 'fuel-charge' },
};
