/** Values of a JSON Schema, as far as the OpenAPI document uses it. */
import fc from 'fast-check';

/** A schema of the document: JSON Schema 2020-12, with references into the components. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What values are made with. */
export interface Making {
  /** What `$ref` points to. */
  readonly components: Readonly<Record<string, JsonSchema>>;
  /** Ids that something has, for a property of this name. */
  readonly idsFor: (name: string) => readonly string[];
}

/** Items, characters and keys at most, where the schema allows more. */
const ENOUGH = { items: 4, characters: 40, keys: 3 };

/** Values that the schema says are valid; some are refused all the same, by what it cannot say. */
export function valuesOf(schema: JsonSchema, making: Making, name = ''): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const component = making.components[schema.$ref.replace('#/components/schemas/', '')];
    if (component === undefined) throw new Error(`there is no ${schema.$ref}`);
    return valuesOf(component, making, name);
  }
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return fc.oneof(...choices.map((choice) => valuesOf(choice, making, name)));
  }
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, making);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, making, name.replace(/s$/, '')), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? ENOUGH.items, ENOUGH.items),
      });
    case 'string':
      return stringsOf(schema, making, name);
    case 'integer':
      return fc.integer(rangeOf(schema));
    case 'number':
      return fc.double({ ...rangeOf(schema), noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue();
  }
}

function objectsOf(schema: JsonSchema, making: Making): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, valuesOf(value, making, name)]),
  );
  const known = fc.record(fields, { requiredKeys: [...required] });
  if (additionalProperties === undefined || typeof additionalProperties === 'boolean') return known;
  const keys = stringsOf({ maxLength: ENOUGH.characters, ...propertyNames }, making, '');
  const more = fc.dictionary(keys, valuesOf(additionalProperties, making), {
    maxKeys: ENOUGH.keys,
  });
  return fc.tuple(known, more).map(([named, others]) => ({ ...others, ...named }));
}

function stringsOf(schema: JsonSchema, making: Making, name: string): fc.Arbitrary<string> {
  const { format, pattern, minLength = 0 } = schema;
  const maxLength = Math.max(minLength, Math.min(schema.maxLength ?? Infinity, ENOUGH.characters));
  switch (format) {
    case 'uuid': {
      const known = making.idsFor(name);
      const unknown = fc.uuid({ version: 7 });
      if (known.length === 0) return unknown;
      return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, unknown);
    }
    case 'date':
      return days().map((day) => day.slice(0, 10));
    case 'date-time':
      return days();
    case 'email':
      return fc.nat(99).map((number) => `somebody${number}@example.test`);
    case 'uri':
      return fc.nat(99).map((number) => `https://somewhere${number}.example.test/`);
    default:
      break;
  }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: 'grapheme', minLength, maxLength });
}

function days(): fc.Arbitrary<string> {
  const [min, max] = [new Date('1950-01-01'), new Date('2050-01-01')];
  return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
}

function rangeOf({ minimum, maximum }: JsonSchema): { min: number; max: number } {
  const max = maximum ?? Math.max(minimum ?? 0, 1_000_000);
  return { min: minimum ?? Math.min(0, max), max };
}
