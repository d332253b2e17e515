import type { z } from 'zod';

/** What a platform answered to a call that it says it carried out, as it came, with what it is read by. */
export interface ObservedAnswer {
  /** As the platform's folder names the operation. */
  operation: string;
  schema: z.ZodType;
  data: unknown;
}

/** Sees answers before they are read, for tools that compare them with what was expected. */
export type ObserveAnswer = (answer: ObservedAnswer) => void;
