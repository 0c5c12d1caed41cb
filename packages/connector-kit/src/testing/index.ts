export { orderOf, pullAll, type Pulled } from '../conformance/asking.ts';
export { mishapsWith, obtainLabel, type Mishaps } from './purchase-mishaps.ts';
export { ada, konrad, mugCustoms, newYorkDock, sampleAddress, sampleRequest } from './sample-request.ts';
export {
  answerOf,
  fullExample,
  misfits,
  noSpecification,
  operationOf,
  parametersOf,
  readSpecification,
  requestSchemaOf,
  schemaOf,
  strangeNames,
  type ExampleScalars,
  type SpecBody,
  type Specification,
  type SpecOperation,
  type SpecParameter,
  type SpecSchema,
  type Way,
} from './specification.ts';
