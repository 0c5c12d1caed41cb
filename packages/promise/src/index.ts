export { arrivalAfter, transitDaysFor, type Transit, type TransitTerms } from './arrival.ts';
export {
  calendarSchema,
  carrierCalendarSchema,
  confidences,
  confidenceSchema,
  everyDay,
  holidaySchema,
  warehouseCalendarSchema,
  type Calendar,
  type CarrierCalendar,
  type Confidence,
  type Holiday,
  type WarehouseCalendar,
} from './calendar.ts';
export { serviceTerms, sureDays, type ServiceTerms } from './carrier-terms.ts';
export { closingOf, dispatchAt, mostDaysAhead, type Closing, type CutoffBy, type Dispatch, type DispatchTerms } from './dispatch.ts';
export { easterSunday, holidayOn, whyClosed } from './holidays.ts';
export { durationText, orderWindows, promiseAt, type DeliveryPromise, type OrderWindow, type WayTerms } from './promise.ts';
export { stepText, type PromiseStep } from './step.ts';
