import { Ajv2020 } from 'ajv/dist/2020.js';

/** The parts of an OpenAPI 3.1 document that the contract reads. */
export interface OpenApi {
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, Schema> };
}

interface OpenApiOperation {
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  security?: object[];
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
}

/** One operation: `route` is its name in tables, such as `put /posts/{id}`. */
export interface Route {
  route: string;
  method: string;
  path: string;
  operation: OpenApiOperation;
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The document of a running app: which routes there are, and what each may answer. */
export class ApiDocument {
  readonly routes: Route[];
  readonly #document: OpenApi;
  readonly #ajv: Ajv2020;

  constructor(document: OpenApi) {
    this.#document = document;
    this.routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, method, path, operation })),
    );
    // An OpenAPI document has keywords that JSON Schema does not know, such as `example`.
    this.#ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      formats: { 'date-time': DATE_TIME, email: true, uri: true, binary: true },
    });
    this.#ajv.addSchema(document, 'openapi');
  }

  /** The route that takes a request; a path without parameters wins over one with. */
  find(method: string, path: string): Route | undefined {
    const asked = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase();
    const candidates = this.routes.filter((route) => route.method === asked && matches(route.path, path));
    return candidates.find((route) => !route.path.includes('{')) ?? candidates[0];
  }

  /** What is wrong with a body by the schema of its status and type; empty when nothing is. */
  problemsOf({ path, method, operation }: Route, status: number, type: string, body: unknown): string {
    if (!operation.responses[status]?.content?.[type]) return `${type} is not documented for ${status}`;
    const pointer = ['paths', path, method, 'responses', String(status), 'content', type, 'schema']
      .map(escaped)
      .join('/');
    const validate = this.#ajv.getSchema(`openapi#/${pointer}`);
    if (!validate) return `no schema at ${pointer}`;
    return validate(body) ? '' : this.#ajv.errorsText(validate.errors);
  }

  /** A schema with its reference followed. */
  resolve(schema: Schema): Schema {
    const name = schema.$ref?.replace('#/components/schemas/', '');
    return name === undefined ? schema : (this.#document.components.schemas[name] ?? {});
  }
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length && wanted.every((part, i) => part === given[i] || (part.startsWith('{') && given[i]))
  );
}

/** JSON Pointer (RFC 6901), then percent-encoded, since it is a fragment. */
function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
