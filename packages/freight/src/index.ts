export { accrualOf, accrualSchema, type Accrual, type LabelCircumstances } from './accrual.ts';
export { auditFreight, type AuditedInvoice, type AuditedShipment, type AuditInput, type FreightAudit } from './audit.ts';
export { disputesCsv, disputesOf, type Dispute } from './dispute.ts';
export { importFedexInvoice, type FedexSumIdentity } from './fedex-invoice.ts';
export { importGenericInvoice, invoiceMappingSchema, type InvoiceMapping, type InvoiceMappingInput } from './generic-invoice.ts';
export { recordLines } from './import-rows.ts';
export {
  chargeClasses,
  invoiceKey,
  invoiceLineSchema,
  invoiceSums,
  type ChargeClass,
  type ImportedInvoice,
  type InvoiceIdentity,
  type InvoiceLine,
  type InvoiceSum,
  type RowProblem,
} from './invoice-line.ts';
export { invoiceText, type Delimiter } from './invoice-table.ts';
export { lateDeliveries, type LateDelivery } from './late-delivery.ts';
export { matchLines, type MatchedBy, type MatchedLine, type Matching, type UnmatchedLine } from './match.ts';
export { measurementFindings, type MeasurementFinding } from './measurement-finding.ts';
export { dayFormats, type DayFormat } from './row-reader.ts';
export {
  auditSettingsSchema,
  varianceClasses,
  type AuditSettings,
  type AuditSettingsInput,
  type Tolerance,
  type VarianceClass,
} from './settings.ts';
export type { Reprice } from './shipment-variances.ts';
export { normalReference, normalTrackingNumber } from './tracking-number.ts';
export { importUpsInvoice } from './ups-invoice.ts';
export type { Measurement, Rerating, Variance, VarianceVerdict } from './variance.ts';
export {
  billAccountsSchema,
  draftVendorBills,
  type BillAccountsInput,
  type BillRequest,
  type VendorBillDraft,
  type VendorBillLine,
} from './vendor-bill.ts';
