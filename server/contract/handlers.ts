import type { Contract, ContractKey } from '@shared/contract';
import type { RouteDeclaration } from '@shared/contract/route';
import type { Language } from '@shared/language';
import type { z } from 'zod';
import type { AuthByAudience } from './caller';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

type Field<Route, Name extends string> =
  Route extends Record<Name, infer Schema> ? Schema : unknown;

/** The input of a handler: the validated parts of the request, and the caller. */
export interface HandlerInput<Route extends RouteDeclaration> {
  requestId: string;
  language: Language;
  params: Parsed<Field<Route, 'params'>>;
  query: Parsed<Field<Route, 'query'>>;
  headers: Parsed<Field<Route, 'headers'>>;
  body: Parsed<Field<Route, 'body'>>;
  auth: AuthByAudience[Route['audience']];
  /** The caller's session token or key; empty if the route is open to anyone. */
  token: string;
  ip: string;
}

/** The result of a handler: one of the answers that its route declares. */
type HandlerAnswer<Route extends RouteDeclaration> = {
  [Status in keyof Route['answers']]: Route['answers'][Status] extends z.ZodType
    ? { status: Status; body: z.input<Route['answers'][Status]> }
    : { status: Status };
}[keyof Route['answers']];

export type Handler<Key extends ContractKey> = (
  input: HandlerInput<Contract[Key]>,
) => Promise<HandlerAnswer<Contract[Key]>>;

/** A handler for every route of the contract. */
export type Handlers = { [Key in ContractKey]: Handler<Key> };

/** A request with the key of its route; checking the key narrows the input. */
export type RoutedRequest = {
  [Key in ContractKey]: { key: Key; input: HandlerInput<Contract[Key]> };
}[ContractKey];
