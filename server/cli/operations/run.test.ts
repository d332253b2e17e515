import { z } from 'zod';
import type {
  OperationCaller,
  OperationResult,
  PlatformOperation,
} from '../../platforms/platform-operation';
import { SettingsError } from '../../settings';
import { runCommandLine } from './run';
import type { Terminal } from './run';

const operations: PlatformOperation[] = [
  {
    id: 'card-detail',
    title: '卡片 - 详情',
    changes: false,
    request: z.object({
      cardNo: z.string().regex(/^\d+$/).describe('The card'),
      page: z.int().min(1).optional(),
      full: z.boolean().optional(),
      tags: z.array(z.string()).optional(),
      states: z.array(z.int()).optional(),
    }),
  },
  {
    id: 'card-verify',
    title: '卡片 - 实名',
    changes: true,
    request: z.object({
      name: z.string().min(2).meta({ sensitive: true }),
      holder: z.object({ age: z.int() }).optional(),
      photo: z.file().mime('image/png').optional(),
    }),
  },
];

interface Attempt {
  /** What the platform says; nothing is expected to be sent without it. */
  result?: OperationResult;
  /** What the person at the terminal says; nobody is there without it. */
  says?: boolean;
  files?: Readonly<Record<string, string>>;
  settingsMissing?: boolean;
}

async function run(line: string[], attempt: Attempt = {}) {
  const sent: { id: string; request: unknown }[] = [];
  let [out, err, closed] = ['', '', 0];
  const caller: OperationCaller = {
    platform: 'test',
    operations,
    call(id, request) {
      sent.push({ id, request });
      return Promise.resolve(attempt.result ?? { outcome: 'done', data: {} });
    },
    close() {
      closed += 1;
      return Promise.resolve();
    },
  };
  const terminal: Terminal = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    readFile(path) {
      const text = attempt.files?.[path];
      if (text === undefined) throw new Error('ENOENT');
      return Buffer.from(text);
    },
    confirm: attempt.says === undefined ? undefined : () => Promise.resolve(attempt.says ?? false),
  };
  const connect = () => {
    if (attempt.settingsMissing) throw new SettingsError(['TEST_KEY is missing']);
    return caller;
  };
  const code = await runCommandLine({ command: 'test', operations, connect }, line, terminal);
  return { code, out, err, sent, closed };
}

const detail = (...rest: string[]) => run(['card-detail', '--cardNo', '1', ...rest]);
const requestOf = ({ sent }: Awaited<ReturnType<typeof run>>) => sent[0]?.request;

describe('what is typed', () => {
  it('becomes values of the schema’s types', async () => {
    const ran = await detail('--page', '2', '--full', 'true', '--states=1,2', '--states', '3');
    expect(requestOf(ran)).toEqual({ cardNo: '1', page: 2, full: true, states: [1, 2, 3] });
    expect([ran.code, ran.closed]).toEqual([0, 1]);
  });

  it('may name a parameter with hyphens, and keep a text of digits a text', async () => {
    expect(requestOf(await run(['card-detail', '--card-no', '0012']))).toEqual({ cardNo: '0012' });
  });

  it('may be JSON for what lies deeper, and a file behind @', async () => {
    const attempt = { says: true, files: { 'face.png': 'png' } };
    const line = [
      'card-verify',
      '--name',
      '示例',
      '--holder',
      '{"age":30}',
      '--photo',
      '@face.png',
    ];
    const { sent } = await run(line, attempt);
    expect(sent).toHaveLength(1);
    const { photo, ...rest } = sent[0]!.request as { photo: File };
    expect(rest).toEqual({ name: '示例', holder: { age: 30 } });
    expect([photo.name, photo.type, await photo.text()]).toEqual(['face.png', 'image/png', 'png']);
  });

  it.each<[string, string[], RegExp]>([
    ['nothing', [], /Usage: npm run test/],
    ['an operation nobody offers', ['card-detial'], /是不是 card-detail？/],
    ['a parameter nobody takes', ['card-detail', '--carNo', '1'], /--carNo；是不是 cardNo？/],
    ['a parameter without its value', ['card-detail', '--cardNo'], /--cardNo 没有值/],
    ['a misspelt switch', ['card-detail', '--jsno'], /--jsno 没有值；是不是 json？/],
    ['a bare word', ['card-detail', '1'], /--名称 值/],
    ['too little', ['card-detail'], /--cardNo: 缺少/],
    ['what does not fit', ['card-detail', '--cardNo', 'x'], /--cardNo: /],
    [
      'a number that is none',
      ['card-detail', '--cardNo', '1', '--page', 'two'],
      /--page: 不是数字/,
    ],
    ['a switch that is none', ['card-detail', '--cardNo', '1', '--full', 'yes'], /--full: 写 true/],
    [
      'a parameter twice',
      ['card-detail', '--cardNo', '1', '--cardNo', '2'],
      /--cardNo: 只能给一次/,
    ],
    ['broken JSON', ['card-verify', '--name', 'ab', '--holder', '{'], /--holder: 不是 JSON/],
    ['a file that is not there', ['card-verify', '--photo', '@none'], /--photo: 文件读不到/],
  ])('as %s is refused with exit code 2, and nothing is sent', async (_case, line, message) => {
    const { code, out, err, sent } = await run(line, { says: true });
    expect([code, out, sent]).toEqual([2, '', []]);
    expect(err).toMatch(message);
  });
});

describe('help', () => {
  it('lists every operation with its title, and needs no settings', async () => {
    const { code, out } = await run(['--help'], { settingsMissing: true });
    expect(code).toBe(0);
    expect(out).toMatch(/card-detail {3}卡片 - 详情\n {2}card-verify \* 卡片 - 实名/);
    expect(out).toMatch(/Exit codes/);
  });

  it('of an operation names what it takes, of which type, and whether it must be there', async () => {
    const { code, out } = await run(['card-detail', '-h'], { settingsMissing: true });
    expect(code).toBe(0);
    expect(out).toMatch(/--cardNo <text> {2}required; The card\n {2}--page <integer>\n/);
    expect(out).toMatch(/--tags <text, …>/);
    const verify = await run(['card-verify', '--help']);
    expect(verify.out).toMatch(/--holder <json \{age\}>/);
    expect(verify.out).toMatch(/--photo <@file>/);
  });
});

describe('an operation that changes something', () => {
  const line = ['card-verify', '--name', '示例'];

  it('is not sent where nobody is there to confirm it', async () => {
    const { code, err, sent } = await run(line);
    expect([code, sent]).toEqual([2, []]);
    expect(err).toMatch(/--yes/);
  });

  it('is sent with --yes, or when confirmed, and not when declined', async () => {
    expect((await run([...line, '--yes'])).sent).toHaveLength(1);
    expect((await run(line, { says: true })).sent).toHaveLength(1);
    const declined = await run(line, { says: false });
    expect([declined.code, declined.sent]).toEqual([2, []]);
  });
});

describe('an answer', () => {
  const data = { total: 1, items: [{ no: '1', tags: ['a'], at: null, none: [] }] };
  const done = { outcome: 'done', data } as const;

  it('is written for people, a line a value', async () => {
    const { out } = await run(['card-detail', '--cardNo', '1'], { result: done });
    const lines = ['total: 1', 'items:', '  [1]', '    no: 1', '    tags:', '      - a'];
    expect(out).toBe(`${[...lines, '    at: -', '    none: []'].join('\n')}\n`);
  });

  it('is bare JSON with --json', async () => {
    const { out } = await run(['card-detail', '--cardNo', '1', '--json'], { result: done });
    expect(JSON.parse(out)).toEqual(data);
  });

  it('cannot steer the terminal', async () => {
    const result = { outcome: 'done', data: { name: '\u001B[2Jgone\u202E' } } as const;
    const { out } = await run(['card-detail', '--cardNo', '1'], { result });
    expect(out).toBe('name: \uFFFD[2Jgone\uFFFD\n');
  });

  it('of no has exit code 1, and none has 3; both speak on standard error alone', async () => {
    const refused = { outcome: 'refused', code: 'NotFound', message: '卡不存在' } as const;
    expect(
      await run(['card-detail', '--cardNo', '1', '--json'], { result: refused }),
    ).toMatchObject({ code: 1, out: '', err: '已拒绝: NotFound 卡不存在\n' });
    const unknown = { outcome: 'unknown', message: 'timed out' } as const;
    expect(await run(['card-detail', '--cardNo', '1'], { result: unknown })).toMatchObject({
      code: 3,
      out: '',
    });
  });

  it.each<[string, OperationResult]>([
    ['done', { outcome: 'done', data: { said: ['示例先生 is verified'] } }],
    ['refused', { outcome: 'refused', code: 'X', message: '示例先生 is unknown' }],
  ])('that is %s never repeats what was said of a person', async (_case, result) => {
    const line = ['card-verify', '--name', '@name.txt', '--yes'];
    const { out, err, sent } = await run(line, { result, files: { 'name.txt': '示例先生\n' } });
    expect(sent[0]?.request).toEqual({ name: '示例先生' });
    expect(`${out}${err}`).toMatch(/•••/);
    expect(`${out}${err}`).not.toContain('示例先生');
  });
});

it('says which settings are missing, with exit code 2', async () => {
  const { code, err } = await run(['card-detail', '--cardNo', '1'], { settingsMissing: true });
  expect(code).toBe(2);
  expect(err).toMatch(/TEST_KEY is missing/);
});
