import type { z } from 'zod';
import type { ErrorCode } from '../error-codes';
import { hasRole, type StaffRole } from './staff-role';

/**
 * Who may call a route. Each kind of session works for the routes of its own audience only. `service`:
 * the operator's other servers, which authenticate with a shared key.
 */
type Audience = 'anyone' | 'user' | 'staff' | 'service';

interface RouteBase {
  /** One line for the OpenAPI document. */
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  /** The error for a missing or malformed header; `request.invalid` unless declared. */
  headerError?: ErrorCode;
  body?: z.ZodObject;
  /** The body of each successful status; null: no body. */
  answers: Readonly<Partial<Record<200 | 201 | 202 | 204, z.ZodType | null>>>;
  /** The errors of this route alone; `declaredErrors` adds those that follow from the declaration. */
  errors: readonly ErrorCode[];
}

interface StaffRoute extends RouteBase {
  audience: 'staff';
  /** The lowest role that may call the route. */
  role: StaffRole;
}

interface OtherRoute extends RouteBase {
  audience: Exclude<Audience, 'staff'>;
  role?: undefined;
}

/**
 * The declaration of a route. The server validates requests and answers against it, the client takes
 * the types of its calls from it, and the OpenAPI document is generated from it.
 */
export type RouteDeclaration = StaffRoute | OtherRoute;

/** A route's key: its method and its path below `/api/v1`, with `:name` for parameters. */
type RouteKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

export type ContractDeclaration = Readonly<Record<RouteKey, RouteDeclaration>>;

const audienceErrors: Readonly<Record<Audience, readonly ErrorCode[]>> = {
  anyone: [],
  user: ['session.required'],
  staff: ['session.required'],
  service: ['internal.disabled', 'internal.key_required'],
};

/** Every error that a route can answer with, apart from faults and what is checked before routing. */
export function declaredErrors(route: RouteDeclaration): ErrorCode[] {
  const isValidated = (route.body ?? route.params ?? route.query) !== undefined;
  const isRestricted = route.role !== undefined && !hasRole('agent', route.role);
  const errors: (ErrorCode | false | undefined)[] = [
    ...route.errors,
    ...audienceErrors[route.audience],
    isRestricted && 'staff.forbidden',
    isValidated && 'request.invalid',
    route.headers && (route.headerError ?? 'request.invalid'),
    'request.rate_limited',
  ];
  return [...new Set(errors.filter((code) => typeof code === 'string'))];
}

type RequestPart<Name extends string, Schema> = Schema extends z.ZodType
  ? Record<Name, z.input<Schema>>
  : unknown;

type AnswerOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a caller of the route sends. */
export type RequestOf<Route extends RouteDeclaration> = RequestPart<'params', Route['params']> &
  RequestPart<'query', Route['query']> &
  RequestPart<'headers', Route['headers']> &
  RequestPart<'body', Route['body']>;

/** What a caller of the route receives on success. */
export type ResponseOf<Route extends RouteDeclaration> = {
  [Status in keyof Route['answers']]: AnswerOf<Route['answers'][Status]>;
}[keyof Route['answers']];
