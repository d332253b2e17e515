import { z } from 'zod';
import { refuse, type Reply } from './reply';

/** An operation of the gateway, ready to be called with whatever arrived. */
export interface GatewayOperation {
  method: 'get' | 'post';
  path: string;
  permission: string;
  /** The fault under which it is carried out but never answered. */
  muteFault?: 'paymentPostTimeout' | 'appletPayTimeout';
  call(input: unknown): Reply;
}

interface Declaration<Shape extends z.ZodRawShape> extends Omit<GatewayOperation, 'call'> {
  request: Shape;
  answer: (request: z.output<z.ZodObject<Shape>>) => Reply;
}

/** Puts a check of the request before an operation: what does not fit is refused with 422. */
export function defineOperation<Shape extends z.ZodRawShape>({
  request,
  answer,
  ...rest
}: Declaration<Shape>): GatewayOperation {
  const schema = z.object(request);
  return {
    ...rest,
    call(input) {
      const parsed = schema.safeParse(input);
      if (parsed.success) return answer(parsed.data);
      const issue = parsed.error.issues[0];
      const where = issue?.path.join('.') ?? '';
      return refuse('UnprocessableEntity', `请求实体错误：${where} ${issue?.message ?? ''}`.trim());
    },
  };
}

const wholeNumber = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number);

/** The page of a list, as it stands in a query. */
export const pageRequest = {
  pageIndex: wholeNumber.pipe(z.int().min(1)),
  pageSize: wholeNumber.pipe(z.int().min(1).max(100)),
};

export function pageOf<Item>(
  items: readonly Item[],
  { pageIndex, pageSize }: { pageIndex: number; pageSize: number },
) {
  const from = (pageIndex - 1) * pageSize;
  return { total: items.length, items: items.slice(from, from + pageSize) };
}
