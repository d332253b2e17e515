import type { z } from 'zod';

/** The data of an answer that reports success, as received, and the schema it is read with. */
export interface ObservedAnswer {
  /** The operation's id. */
  operation: string;
  schema: z.ZodType;
  data: unknown;
}

/** Called with each answer before it is read, for tools that compare answers with their schemas. */
export type ObserveAnswer = (answer: ObservedAnswer) => void;
