export {
  connectOdoo,
  type CallOptions,
  type Json,
  type Loaded,
  type OdooCall,
  type OdooClient,
  type OdooOptions,
  RowIssue,
  type RowReader,
  type SearchRead,
  type TransportName,
} from './client/client.ts';
export { timeoutsMs, type TimeoutClass } from './client/limits.ts';
export { sessions, type Session } from './session/session.ts';
export { odooErp, type OdooErp, type OdooErpOptions } from './erp/erp.ts';
export type { OrderOutcome } from './erp/write-orders.ts';
export type { Layout, Node, WarehouseSplit } from './session/layout.ts';
export type { Vocabulary } from './session/vocabulary.ts';
export { odooOperations, operationSafety, type OdooOperations } from './operations/odoo-operations.ts';
export type { OrderState, OrderTexts } from './operations/orders.ts';
export type { OrderLine, QuantityChange } from './operations/order-lines.ts';
export type { MovedToNode, NodeMove } from './operations/move-to-node.ts';
export type { DeliveryPlan, OrderPromise, PlannedDelivery } from './operations/planning.ts';
export type { OverReservation } from './operations/over-reservation.ts';
export type { Reservation, Shipping, Steps } from './operations/deliveries.ts';
export type { Transfer, TransferLine, TransferMove } from './operations/transfer.ts';
export type { Carried, Carrying } from './operations/validation.ts';
export type { Packed, Parcel, ParcelToPack } from './operations/packing.ts';
export type { Chosen, LotChoice, LotUnits, NamedLots } from './operations/lots.ts';
export type { Batch, BatchMembers, BatchToMake, WaveToMake } from './operations/waves.ts';
export type { Disposition, ReturnToMake } from './operations/returns.ts';
export type { TransferLineToPlan, TransferToPlan } from './operations/transfers.ts';
export type { Count, Counted } from './operations/counts.ts';
export type { GoodsToScrap, Scrapped } from './operations/scrap.ts';
export type { InvoicedOrder, InvoiceOrder } from './operations/invoicing.ts';
export type { Invoice, InvoiceLine } from './operations/invoice.ts';
export type { Credit, CreditLine } from './operations/credit-notes.ts';
export type { FreePayment, InvoicePayment, Payment } from './operations/payments.ts';
export type { Activity, Attachment, File as FileToAttach, Message, Subject as MessageSubject } from './operations/messages.ts';
export type { VendorPrice } from './operations/vendor-prices.ts';
export type { PurchaseDraft, Receipt } from './operations/purchasing.ts';
export type { Purchase } from './operations/purchase.ts';
export type { ReorderPoint, ReorderRule } from './operations/replenishment.ts';
export type { LandedCost, PostedLandedCost } from './operations/landed-costs.ts';
export type { HoldLocation } from './erp/products.ts';
export type { Inbound } from './reads/inbound.ts';
export { readStockPositions, type OdooStockPosition, type StockPositionQuery, type StockPositions } from './reads/stock-positions.ts';
export type { Detail, StockFinding } from './reads/split-stock.ts';
export { fromTheBeginning, type ChangeCursor } from './reads/change-cursor.ts';
export { changesSince, startingNow, type Changes, type ChangesOptions } from './reads/changes-since.ts';
export { sweep, type Swept } from './reads/sweep.ts';
export { prepareOdoo } from './setup/prepare.ts';
export { discountSku, otherSku, shippingSku, taxSku } from './erp/service-products.ts';
export type { OdooSetup, SetupCounts, SetupProduct, SetupReport } from './setup/setup.ts';
export { readCapabilities, type Capabilities, type CapabilityOptions, type WarehouseFacts } from './capabilities/read-capabilities.ts';
export { findingCodes, sentenceOf, type Finding, type FindingCode } from './capabilities/finding.ts';
export type { ActivityRights } from './capabilities/rights.ts';
export { everyVersion } from './models/curated/every-version.ts';
export { odoo17 } from './models/curated/odoo17.ts';
export { odoo18 } from './models/curated/odoo18.ts';
export { odoo19 } from './models/curated/odoo19.ts';
export { curatedOf } from './models/curated-of.ts';
export type { FieldType, ModelField, ModelFields, Models } from './models/field.ts';
export { fullRowFields, fullRowSchema } from './models/full-row.ts';
export { typedOdoo, type ReadOptions, type TypedOdoo, type WriteOptions } from './models/typed-odoo.ts';
export type { Decimal, FieldName, FullRow, FullRowField, ModelName, Row, UnknownValue, Values } from './models/types.ts';
export { compareSchemas, type Comparable, type Drift, type DriftKind } from './typegen/drift.ts';
export { LockError, lockFormat, lockOf, parseLock } from './typegen/lock.ts';
export { readDrift, restrictTo } from './typegen/read-drift.ts';
export { readSchema, type LabelledField, type Schema } from './typegen/read-schema.ts';
export { sourceOf, type SourceOptions } from './typegen/source.ts';
export { curatedModels, type WantedModels } from './typegen/wanted.ts';
