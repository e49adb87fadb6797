/** Requests to the operations of the OpenAPI document: valid ones, and such that are not. */
import fc from 'fast-check';
import { broken, HOSTILE_TEXTS, mutated } from './mutations.ts';
import { type JsonSchema, type Making, valuesOf } from './schema-arbitrary.ts';

interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

/** An operation as the document has it. */
export interface Operation {
  readonly verb: string;
  readonly path: string;
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly Parameter[];
  readonly body: { readonly type: string; readonly schema: JsonSchema } | null;
  /** By status: the content types that it may have. */
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}
type RawOperation = Omit<Operation, 'verb' | 'path' | 'body' | 'parameters' | 'security'> & {
  readonly parameters?: readonly Parameter[];
  readonly security?: Operation['security'];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  };
};

/** Every operation of a document, and what `$ref` points to. */
export function readDocument(document: unknown): {
  readonly operations: readonly Operation[];
  readonly components: Making['components'];
} {
  const { paths, components } = JSON.parse(JSON.stringify(document)) as Document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, raw]): Operation => {
      const [content] = Object.entries(raw.requestBody?.content ?? {});
      return {
        ...{ verb: verb.toUpperCase(), path, operationId: raw.operationId },
        ...{ security: raw.security ?? [], parameters: raw.parameters ?? [] },
        ...{ responses: raw.responses },
        body: content === undefined ? null : { type: content[0], schema: content[1].schema },
      };
    }),
  );
  return { operations, components: components.schemas };
}

/** A request that is about to be sent. */
export interface FuzzRequest {
  /** Path and query. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
}

/** Requests to an operation: half of them valid, the others wrong somewhere. */
export function requestsTo(operation: Operation, making: Making): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      path: pathsOf(operation, making),
      query: queriesOf(operation, making),
      headers: headersOf(operation, making),
      body: bodiesOf(operation, making),
    })
    .map(({ path, query, headers, body }) => ({
      address: query === '' ? path : `${path}?${query}`,
      headers: { ...headers, ...body.headers },
      body: body.content,
    }));
}

const hostile = fc.constantFrom(...HOSTILE_TEXTS.filter((text) => text.isWellFormed()));

/** Of every six, one that is wrong. */
function mostly<T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 5, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

function pathsOf({ path, parameters }: Operation, making: Making): fc.Arbitrary<string> {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const values = inPath.map(({ name, schema }) => {
    const wrong = fc.oneof(
      hostile.filter(
        (text) => text.trim() !== '' && text.length < 1_000 && !/^[./\\]+$/.test(text),
      ),
      fc.constantFrom('%', '%zz', '%ff', '%00'),
    );
    return mostly(
      valuesOf(schema, making, name).map((value) => encodeURIComponent(String(value))),
      wrong.map((text) => (text.startsWith('%') ? text : encodeURIComponent(text))),
    );
  });
  return fc
    .tuple(...values)
    .map((chosen) =>
      inPath.reduce(
        (address, { name }, index) => address.replace(`{${name}}`, chosen[index] ?? ''),
        path,
      ),
    );
}

function queriesOf({ parameters }: Operation, making: Making): fc.Arbitrary<string> {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const fields = Object.fromEntries(
    inQuery.map(({ name, schema }) => [
      name,
      mostly(
        valuesOf(schema, making, name).map(String),
        hostile.map((text) => text.slice(0, 1_000)),
      ),
    ]),
  );
  const requiredKeys = inQuery.filter(({ required }) => required === true).map(({ name }) => name);
  const right = fc
    .record(fields, { requiredKeys })
    .map((query) => new URLSearchParams(query as Record<string, string>).toString());
  const wrong = fc.constantFrom(
    'unknown=1',
    'limit=1&limit=2',
    'limit[]=1',
    'cursor=%',
    'a=%ff',
    '=&=',
  );
  return fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

function headersOf(
  { parameters }: Operation,
  making: Making,
): fc.Arbitrary<Record<string, string>> {
  const inHeader = parameters.filter((parameter) => parameter.in === 'header');
  const fields = Object.fromEntries(
    inHeader.map(({ name, schema }) => [
      name,
      mostly(
        valuesOf(schema, making, name).map(String),
        fc.constantFrom('"v1"', '*', 'W/"v1"', 'a b', 'x'.repeat(300)),
      ).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '').trim()),
    ]),
  );
  return fc
    .record(fields, { requiredKeys: [] })
    .map((headers) =>
      Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      ),
    );
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string | Buffer | null;
}

function bodiesOf({ body, verb }: Operation, making: Making): fc.Arbitrary<Body> {
  if (body === null) {
    const none: Body = { headers: {}, content: null };
    if (verb === 'GET') return fc.constant(none);
    const some: Body = { headers: { 'Content-Type': 'application/json' }, content: '{"a":1}' };
    return mostly(fc.constant(none), fc.constant(some));
  }
  const headers = { 'Content-Type': body.type };
  const values = valuesOf(body.schema, making);
  const encoded = (value: unknown): string =>
    body.type === 'application/json' ? (JSON.stringify(value) ?? '') : formOf(value);
  const as = (type: string, encoding?: string) => ({
    'Content-Type': type,
    ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
  });
  const wrongHeaders = fc.constantFrom(
    as('text/plain'),
    as('application/xml'),
    as('application/json; charset=utf-16'),
    as('application/json; charset=nonsense'),
    as(body.type, 'gzip'),
    as(body.type, 'nonsense'),
    as('multipart/form-data'),
  );
  return fc.oneof(
    { weight: 10, arbitrary: values.map((value) => ({ headers, content: encoded(value) })) },
    {
      weight: 7,
      arbitrary: mutated(values).map((value) => ({ headers, content: encoded(value) })),
    },
    { weight: 2, arbitrary: broken(values).map((content) => ({ headers, content })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(values, wrongHeaders)
        .map(([value, wrong]) => ({ headers: wrong, content: encoded(value) })),
    },
  );
}

function formOf(value: unknown): string {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return new URLSearchParams(
    fields.map(([name, field]): [string, string] => [name, String(field)]),
  ).toString();
}
