import { setTimeout as sleep } from 'node:timers/promises';
import { openForTool } from '../../store/open-store';
import type { Store } from '../../store/store';
import { findBookFaults, readBook } from '../book';
import type { Book, Finding, Ledgers } from '../checker';
import { check, checkEnded } from '../checker';
import type { SandboxControls } from '../../test/sandbox-controls';
import type { Clock } from './clock';
import type { Site } from './site';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Longer than a lease of somebody who was killed. */
const LEASE_MS = 61 * SECOND;
/** The calendar goes on in steps that signatures bear. */
const STEP_MS = 4 * MINUTE;
/** Until then, what waits for a person may still come to an end by itself. */
const FIRST_LOOK_MS = 15 * MINUTE;
/**
 * By then everything is settled or handed to a person: an order placed last can be paid for half an hour,
 * and what is paid then has 35 minutes.
 */
const SETTLED_MS = 65 * MINUTE;
/** How long we wait for what is due to be done, in ms of real time. */
const PATIENCE_MS = 15 * SECOND;
const LOOK_EVERY_MS = 60;

export interface Verdict {
  book: Book;
  findings: Finding[];
}

/**
 * Lets time run on until everything has come to an end, then compares what the platforms, the book and
 * the people say. To be called when all faults are over and nobody buys any more.
 */
export async function settleAndCheck({
  databaseUrl,
  clock,
  sandbox,
  witness,
}: Site): Promise<Verdict> {
  const opened = openForTool(databaseUrl);
  try {
    await settle(opened.store, clock);
    const book = await readBook(opened.store);
    const findings = [
      ...checkEnded(book, 'neither settled nor handed to a person in time'),
      ...check(await readLedgers(sandbox), book, witness.acknowledged()),
      ...(await findBookFaults(opened.store)),
      ...witness.findings(),
    ];
    return { book, findings };
  } finally {
    await opened.close();
  }
}

async function settle(store: Store, clock: Clock): Promise<void> {
  await clock.move(LEASE_MS);
  const began = clock.now();
  for (;;) {
    await workDone(store, clock);
    const passed = clock.now() - began;
    if (passed > SETTLED_MS || (await isQuiet(store, passed))) return;
    await clock.move(STEP_MS);
  }
}

async function isQuiet(store: Store, passedMs: number): Promise<boolean> {
  const book = await readBook(store);
  const unattended = book.orders.map((order) => ({ ...order, hasAlert: false }));
  const orders = passedMs < FIRST_LOOK_MS ? unattended : book.orders;
  return checkEnded({ ...book, orders }, '').length === 0;
}

/** Waits until the BFFs have done everything that is due now. */
async function workDone(store: Store, clock: Clock): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while ((await countDue(store, clock.now())) > 0 && Date.now() < deadline) {
    await sleep(LOOK_EVERY_MS);
  }
}

async function countDue(store: Store, now: number): Promise<number> {
  const due = await store
    .selectFrom('jobs')
    .select('id')
    .where('kind', '!=', 'reconciliation')
    .where((eb) => eb.or([eb('run_at', '<=', now), eb('lease_token', 'is not', null)]))
    .execute();
  return due.length;
}

/** What channels and platforms say, as the checker takes it. */
async function readLedgers(sandbox: SandboxControls): Promise<Ledgers> {
  const { payments, deliveries } = await sandbox.ledger();
  return {
    taken: payments.map(({ orderNumber, amountFen }) => ({ orderNumber, amountFen })),
    returned: payments
      .filter(({ refundedFen }) => refundedFen > 0)
      .map(({ orderNumber, refundedFen }) => ({ orderNumber, amountFen: refundedFen })),
    delivered: deliveries.map(({ orderNumber = '' }) => ({ orderNumber })),
  };
}
