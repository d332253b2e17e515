import { API_BASE, contract } from '@shared/contract';
import { problem } from '@shared/contract/common';
import type { RouteDeclaration } from '@shared/contract/route';
import { declaredErrors } from '@shared/contract/route';
import { errorKinds } from '@shared/error-codes';
import { z } from 'zod';

type Json = Readonly<Record<string, unknown>>;

const statusTexts: Readonly<Record<string, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No content',
};

/** Converts schemas to JSON Schema. Schemas with an id are collected in `named` and referenced. */
function createSchemas() {
  const named: Record<string, unknown> = {};
  return {
    named,
    of: (schema: z.ZodType, io: 'input' | 'output'): Json => {
      const { $schema: _, $defs, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
      Object.assign(named, moveReferences({ ...$defs }));
      return moveReferences(json);
    },
  };
}
type Schemas = ReturnType<typeof createSchemas>;

/** zod references definitions inside the schema; OpenAPI keeps them in `components`. */
function moveReferences(json: Json): Json {
  const moved = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(moved) as Json;
}

function parameters(
  place: 'path' | 'query' | 'header',
  schema: z.ZodObject | undefined,
  description?: string,
): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: property,
  }));
}

/** The header parameters; their description names the error for a missing or malformed one. */
function headerParameters({ headers, headerError }: RouteDeclaration): Json[] {
  const description =
    headerError && `A missing or malformed header is refused with \`${headerError}\`.`;
  return parameters('header', headers, description);
}

function answers({ answers: declared }: RouteDeclaration, schemas: Schemas): Json {
  return Object.fromEntries(
    Object.entries(declared).map(([status, schema]) => [
      status,
      {
        description: statusTexts[status] ?? status,
        ...(schema && {
          content: { 'application/json': { schema: schemas.of(schema, 'output') } },
        }),
      },
    ]),
  );
}

function errorResponses(route: RouteDeclaration): Json {
  const byStatus = new Map<number, string[]>();
  for (const code of declaredErrors(route)) {
    const { status } = errorKinds[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      String(status),
      {
        description: names.join(', '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  );
}

function operation(key: string, route: RouteDeclaration, schemas: Schemas): Json {
  return {
    operationId: key,
    summary: route.summary,
    ...(route.role !== undefined && {
      description: `Requires the staff role \`${route.role}\` or a higher one.`,
      'x-required-role': route.role,
    }),
    tags: [key.split('/')[1] ?? ''],
    ...(route.audience !== 'anyone' && { security: [{ [route.audience]: [] }] }),
    parameters: [
      ...parameters('path', route.params),
      ...parameters('query', route.query),
      ...headerParameters(route),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemas.of(route.body, 'input') } },
      },
    }),
    responses: { ...answers(route, schemas), ...errorResponses(route) },
  };
}

/** Generates an OpenAPI 3.1 document from the contract. */
export function openApiDocument(): Json {
  const schemas = createSchemas();
  const paths: Record<string, Record<string, Json>> = {};
  for (const [key, route] of Object.entries(contract)) {
    const [method = '', path = ''] = key.split(' ');
    const address = `${API_BASE}${path.replace(/:(\w+)/g, '{$1}')}`;
    (paths[address] ??= {})[method.toLowerCase()] = operation(key, route, schemas);
  }
  schemas.of(problem, 'output');
  return {
    openapi: '3.1.0',
    info: { title: 'Liuka', version: '1' },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: schemas.named,
      securitySchemes: {
        user: {
          type: 'http',
          scheme: 'bearer',
          description: 'The session token returned by POST /sessions',
        },
        staff: {
          type: 'http',
          scheme: 'bearer',
          description: 'The session token returned by POST /support/sessions',
        },
        service: { type: 'http', scheme: 'bearer', description: 'The value of INTERNAL_KEY' },
      },
    },
  };
}
