import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

type Values = Readonly<Record<string, unknown>>;

/**
 * Points of an operation, by the vendor's published rules: a scalar is free, an object costs 1, a connection costs its objects as many times as `first` or `last` asks for,
 * a mutation costs 10. With `data` it is what the answer really held, never more than asked for. The real shop's formula is not published in full; this one is meant to make
 * the same things dear.
 */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Values,
  data?: unknown,
): number {
  const root = schema.getRootType(operation.operation);
  if (root == null) return 0;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const measured = data !== undefined;
  const perField = operation.operation === OperationTypeNode.MUTATION ? 10 : 0;
  return selectionCost(root, operation.selectionSet, data);

  function selectionCost(type: GraphQLCompositeType, selections: SelectionSetNode, value: unknown): number {
    let points = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) points += fieldCost(type, selection, value);
      else {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        const condition = fragment?.typeCondition?.name.value;
        const narrowed = condition === undefined ? type : schema.getType(condition);
        if (fragment !== undefined && isCompositeType(narrowed)) points += selectionCost(narrowed, fragment.selectionSet, value);
      }
    }
    return points;
  }

  function fieldCost(parent: GraphQLCompositeType, field: FieldNode, value: unknown): number {
    const name = field.name.value;
    if (name.startsWith('__') || isAbstractType(parent) || !('getFields' in parent)) return 0;
    const definition = parent.getFields()[name];
    if (definition === undefined || field.selectionSet === undefined) return 0;
    const type = getNamedType(definition.type);
    if (isLeafType(type) || !isCompositeType(type) || name === 'pageInfo') return 0;
    const base = parent === root ? perField : 0;
    const inner = property(value, field.alias?.value ?? name);
    if (measured) {
      if (inner == null) return base;
      const items: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
      const own = isWrapper(type.name) ? 0 : 1;
      const { selectionSet } = field;
      return base + items.reduce<number>((sum, item) => sum + (item == null ? 0 : own + selectionCost(type, selectionSet, item)), 0);
    }
    if (type.name.endsWith('Connection')) return base + sizeOf(field) * selectionCost(type, field.selectionSet, undefined);
    const own = isWrapper(type.name) ? 0 : 1;
    return base + (isList(definition.type) ? sizeOf(field) : 1) * (own + selectionCost(type, field.selectionSet, undefined));
  }

  /** How many rows a field asks for: `first`, `last`, the number of `ids`, or 1. */
  function sizeOf(field: FieldNode): number {
    for (const argument of field.arguments ?? []) {
      const given = valueFromASTUntyped(argument.value, variables);
      if ((argument.name.value === 'first' || argument.name.value === 'last') && typeof given === 'number') return given;
      if (argument.name.value === 'ids' && Array.isArray(given)) return given.length;
    }
    return 1;
  }
}

/** Connections and edges are no objects of their own. */
function isWrapper(name: string): boolean {
  return name.endsWith('Connection') || name.endsWith('Edge');
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
