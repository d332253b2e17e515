import type { z } from 'zod';
import type { ErrorCode } from '../error-codes';

/**
 * Who may call a route: each kind of session is good for its own routes only. `service`: the operator's
 * other servers, by a key.
 */
export type Audience = 'anyone' | 'user' | 'staff' | 'service';

/**
 * A route as it is declared once: the server checks requests and answers against it, the client's
 * calls take their types from it, and the OpenAPI document is made of it. A `null` answer has no body.
 */
export interface RouteDeclaration {
  audience: Audience;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodObject;
  answers: Readonly<Partial<Record<200 | 201 | 202 | 204, z.ZodType | null>>>;
  errors: readonly ErrorCode[];
}

/** A route's name: method and path below `/api/v1`, with `:name` for parameters. */
export type RouteKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

export type ContractDeclaration = Readonly<Record<RouteKey, RouteDeclaration>>;

type RequestPart<Name extends string, Schema> = Schema extends z.ZodType
  ? Record<Name, z.input<Schema>>
  : unknown;

type AnswerOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a caller of the route passes. */
export type RequestOf<Route extends RouteDeclaration> = RequestPart<'params', Route['params']> &
  RequestPart<'query', Route['query']> &
  RequestPart<'headers', Route['headers']> &
  RequestPart<'body', Route['body']>;

/** What a caller of the route gets. */
export type ResponseOf<Route extends RouteDeclaration> = {
  [Status in keyof Route['answers']]: AnswerOf<Route['answers'][Status]>;
}[keyof Route['answers']];
