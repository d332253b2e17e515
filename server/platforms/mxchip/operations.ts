import { z } from 'zod';
import { parseBeijing } from '@shared/beijing-time';
import type { PlatformOperation } from '../platform-operation';

/**
 * The operations of 庆科's 外部接口 (document "oauth2.0接口 v2"): the one place to correct when the real platform
 * differs. Nothing public but that document describes them; what it leaves open is marked:
 *
 * - FOUND: method, path with its slash at the end, names of parameters and fields, error codes.
 * - ASSUMED: a parameter of a PUT travels in the body as application/x-www-form-urlencoded, as the token
 *   request's do: the document names parameters and no form.
 * - ASSUMED: `createtime`, which has no zone (`2016-10-21T13:54:51.950`), is Beijing time.
 * - ASSUMED: what a person did not register (phone or e-mail) is null or an empty text.
 */
export interface Operation extends PlatformOperation {
  readonly method: 'GET' | 'PUT';
  /** The slash at its end belongs to it: without it the platform redirects, and a redirect loses the body. */
  readonly path: `/outer/${string}/`;
  /** What is read from the `data` of an answer that says success. */
  readonly answer: z.ZodType;
}

const request = z.object({
  deviceid: z
    .string()
    .regex(/^[0-9A-Za-z-]{1,64}$/)
    .describe('设备 ID'),
});

const shortText = z.string().regex(/^\P{Cc}{1,200}$/u);
const idText = z.string().regex(/^[\x21-\x7e]{1,100}$/);

/** What somebody did or did not register. */
const optionalText = z
  .union([shortText, z.literal('').transform(() => null), z.null()])
  .optional()
  .transform((text) => text ?? null);

const createTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?$/)
  .transform((text, context) => {
    const instant = parseBeijing(text.slice(0, 19));
    if (instant !== undefined) return instant;
    context.addIssue({ code: 'custom', message: 'no date' });
    return z.NEVER;
  });

export const operations = {
  info: {
    id: 'device/info',
    title: '查询设备信息',
    changes: false,
    method: 'GET',
    path: '/outer/device/info/',
    request,
    answer: z.object({
      mac: optionalText,
      online: z.boolean(),
      pname: shortText,
      productid: idText,
      createtime: z.union([createTime, z.null()]),
    }),
  },
  endUsers: {
    id: 'device/endusers',
    title: '查询设备的用户',
    changes: false,
    method: 'GET',
    path: '/outer/device/endusers/',
    request,
    answer: z.array(
      z.object({
        enduserid: idText,
        phone: optionalText,
        email: optionalText,
        app: optionalText,
        role: z.int().describe('1 超级用户 2 管理员 3 普通用户'),
      }),
    ),
  },
  unbind: {
    id: 'device/unbind',
    title: '解绑设备（所有用户都失去对它的控制，不能撤销）',
    changes: true,
    method: 'PUT',
    path: '/outer/device/unbind/',
    request,
    answer: z.object({ deviceid: idText }),
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
