import { misfits, parametersOf, strangeNames, type SpecOperation, type Specification } from '@quartermaster/connector-kit/testing';

/** What is wrong with the query and the headers (names in lower case) of a call. */
export function misfitsOfCall(
  specification: Specification,
  operation: SpecOperation,
  given: { readonly query: URLSearchParams; readonly headers: Readonly<Record<string, string>> },
): string[] {
  const { operationId } = operation;
  const strange = strangeNames(specification, operation, 'query', given.query.keys());
  const wrong = parametersOf(specification, operation, 'query').flatMap(({ name = '', required, schema = {} }) => {
    const value = given.query.get(name);
    if (value === null) return required === true ? [`${operationId}?${name} is missing`] : [];
    return misfits(specification, schema, schema.type === 'boolean' ? value === 'true' : value, 'request', `${operationId}?${name}`);
  });
  const headers = parametersOf(specification, operation, 'header').flatMap(({ name = '', required, schema = {} }) => {
    const value = given.headers[name.toLowerCase()];
    if (value === undefined) return required === true ? [`${operationId} has no ${name}`] : [];
    return misfits(specification, schema, value, 'request', `${operationId} ${name}`);
  });
  return [...strange.map((name) => `${operationId}?${name} is not in the specification`), ...wrong, ...headers];
}
