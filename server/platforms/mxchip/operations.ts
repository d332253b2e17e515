import { z } from 'zod';
import { parseBeijing } from '@shared/beijing-time';
import { nameText } from '../answer-fields';
import type { PlatformOperation } from '../platform-operation';

/**
 * The operations of 庆科's 外部接口 (document "oauth2.0接口 v2"), the only public description of them. If the real
 * platform differs, correct this table. How certain each part is:
 *
 * - FOUND: method, path with its trailing slash, names of parameters and fields, error codes.
 * - ASSUMED: the parameters of a PUT are sent as application/x-www-form-urlencoded, like those of the token
 *   request. The document names parameters, but no encoding.
 * - ASSUMED: `createtime`, which has no time zone (`2016-10-21T13:54:51.950`), is Beijing time.
 * - ASSUMED: a phone number or e-mail address that was not registered is null or an empty text.
 */
export interface Operation extends PlatformOperation {
  readonly method: 'GET' | 'PUT';
  /** With the trailing slash: without it the platform redirects, and a redirect loses the body. */
  readonly path: `/outer/${string}/`;
  /** The `data` of an answer that reports success. */
  readonly answer: z.ZodType;
}

const request = z.object({
  deviceid: z
    .string()
    .regex(/^[0-9A-Za-z-]{1,64}$/)
    .describe('设备 ID'),
});

const idText = z.string().regex(/^[\x21-\x7e]{1,100}$/);

/** A detail a person may not have registered. An unreadable one hides neither the person nor the others. */
const optionalText = nameText
  .nullish()
  .catch(null)
  .transform((text) => text ?? null);

const createTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?$/)
  .transform((text, context) => {
    const instant = parseBeijing(text.slice(0, 19));
    if (instant !== undefined) return instant;
    context.addIssue({ code: 'custom', message: 'not a date' });
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
      pname: nameText,
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
