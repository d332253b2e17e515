import { z } from 'zod';
import { errorReply, type Reply } from './reply';

/** The address of a call, for responses that contain URLs of the gateway. */
export interface CallContext {
  origin: string;
}

/** An operation of the gateway, which takes unchecked input. */
export interface GatewayOperation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  permission: string;
  /** It takes a form with a file instead of JSON. */
  takesFile?: true;
  /** The fault under which it is executed but not answered. */
  unansweredFault?: 'paymentPostTimeout' | 'appletPayTimeout';
  call(input: unknown, context: CallContext): Reply;
}

interface OperationDefinition<Shape extends z.ZodRawShape> extends Omit<GatewayOperation, 'call'> {
  request: Shape;
  handler: (request: z.output<z.ZodObject<Shape>>, context: CallContext) => Reply;
}

/** Adds the check of the request to an operation: invalid input is refused with 422. */
export function defineOperation<Shape extends z.ZodRawShape>({
  request,
  handler,
  ...rest
}: OperationDefinition<Shape>): GatewayOperation {
  const schema = z.object(request);
  return {
    ...rest,
    call(input, context) {
      const parsed = schema.safeParse(input);
      if (parsed.success) return handler(parsed.data, context);
      const issue = parsed.error.issues[0];
      const field = issue?.path.join('.') ?? '';
      return errorReply(
        'UnprocessableEntity',
        `请求实体错误：${field} ${issue?.message ?? ''}`.trim(),
      );
    },
  };
}

const wholeNumber = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number);

/** The fields of a page in a query. */
export const pageRequest = {
  pageIndex: wholeNumber.pipe(z.int().min(1)),
  pageSize: wholeNumber.pipe(z.int().min(1).max(100)),
};

interface Page {
  pageIndex: number;
  pageSize: number;
}

export function pageOf<Item>(items: readonly Item[], { pageIndex, pageSize }: Page) {
  const from = (pageIndex - 1) * pageSize;
  return { total: items.length, items: items.slice(from, from + pageSize) };
}

/** A page of a list in reverse order, newest first. */
export function newestFirst<Item>(items: readonly Item[], page: Page) {
  return pageOf([...items].reverse(), page);
}
