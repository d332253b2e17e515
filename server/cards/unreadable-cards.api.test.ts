import type { Card } from '@shared/contract';
import { openDakashiShop, serials } from '../testing/dakashi-shop';
import { dakashiPaths, shingsouPaths } from '../testing/platform-proxy';
import { cardInState, findCard, newIdempotencyKey, packagesFor } from '../testing/shopping';

/** A part or a card that cannot be read does not hide the others. */

const shop = openDakashiShop();

/** Longer than any report is used without a new query. */
const REPORT_LIFETIME_MS = 11 * 60_000;
const allParts = ['status', 'usage', 'packages', 'realName', 'expiry'];

function partsOf({ unreadable }: Card): string[] {
  return unreadable.map(({ part }) => part);
}

async function wallet(): Promise<Card[]> {
  return (await shop.customer.ok('GET /me/cards', {})).items;
}

async function readCard(cardId: string): Promise<Card> {
  return shop.customer.ok('GET /cards/:cardId', { params: { cardId } });
}

/** A card that the platform identifies, but about which it answers nothing more. */
async function findUnansweredCard(position: number): Promise<Card> {
  const { iccid } = await cardInState(shop.stack, 'mobile', '0', position);
  shop.stack.platformProxy.dropRequestsTo(shingsouPaths.detail);
  return findCard(shop.customer, iccid.slice(-10));
}

describe('an unreadable part of a card', () => {
  const shingsouCard = async (position: number) =>
    (await cardInState(shop.stack, 'telecom', '1', position)).iccid;

  test('is a refused status: nothing can be bought on a guess', async () => {
    await shop.stack.sandbox.faults({ cardStatusRefused: true });
    const card = await findCard(shop.customer, await shingsouCard(13));
    expect(partsOf(card)).toEqual(['status']);
    expect(card).toMatchObject({ status: { code: 'unknown' }, canBuy: false });
    expect(card.usage).not.toBeNull();
    const packages = await packagesFor(shop.customer, card.id);
    expect(packages.filter(({ canBuy }) => canBuy)).toEqual([]);
    const headers = { 'idempotency-key': newIdempotencyKey() };
    const body = { cardId: card.id, packageId: packages[0]!.id, effective: 'now' as const };
    const problem = await shop.customer.problem('POST /orders', { headers, body });
    expect(problem.code).toBe('card.cannot_buy');
  });

  test('is a refused usage: everything else works', async () => {
    await shop.stack.sandbox.faults({ cardUsageRefused: true });
    const card = await findCard(shop.customer, await shingsouCard(14));
    expect(card).toMatchObject({ usage: null, canBuy: true, status: { code: 'active' } });
    expect(card.unreadable).toEqual([{ part: 'usage', lastKnownAt: null }]);
  });

  test('keeps its last value, with its time', async () => {
    const before = await findCard(shop.customer, await shingsouCard(15));
    await shop.stack.advanceClock(REPORT_LIFETIME_MS);
    await shop.stack.sandbox.faults({ cardStatusRefused: true, cardUsageRefused: true });
    const card = await readCard(before.id);
    expect(card).toMatchObject({ status: before.status, usage: before.usage, canBuy: true });
    const lastKnownAt = before.fetchedAt;
    expect(card.unreadable).toEqual([
      { part: 'status', lastKnownAt },
      { part: 'usage', lastKnownAt },
    ]);
    expect(Date.parse(card.fetchedAt)).toBeGreaterThan(Date.parse(lastKnownAt));
  });

  test('is read again much sooner than a known one', async () => {
    await shop.stack.sandbox.faults({ cardUsageRefused: true });
    const { id } = await findCard(shop.customer, await shingsouCard(16));
    await shop.stack.sandbox.faults();
    await shop.stack.advanceClock(14_000);
    expect(partsOf(await readCard(id))).toEqual(['usage']);
    await shop.stack.advanceClock(2_000);
    expect(partsOf(await readCard(id))).toEqual([]);
  });

  test('is what the older document of 大卡师 lacks: the packages, without which nothing is sold', async () => {
    await shop.stack.sandbox.faults({ dakashiPackagesRefused: true });
    const card = await findCard(shop.customer, '87000002');
    expect(card.unreadable).toEqual([{ part: 'packages', lastKnownAt: null }]);
    expect(card).toMatchObject({
      usage: { totalMb: 6144 },
      currentPackage: null,
      canBuy: false,
      blockedReason: '暂时读不到这张卡已有的套餐，读到后才能购买。请稍后刷新。',
    });
    await shop.stack.sandbox.faults();
    await shop.stack.advanceClock(16_000);
    expect(await readCard(card.id)).toMatchObject({ canBuy: true, unreadable: [] });
  });

  test('are packages that cannot be read for a moment: their last value is shown', async () => {
    const before = await findCard(shop.customer, serials.online);
    await shop.stack.advanceClock(REPORT_LIFETIME_MS);
    shop.stack.platformProxy.dropRequestsTo(dakashiPaths.cardPackages);
    const card = await readCard(before.id);
    expect(card).toMatchObject({ currentPackage: before.currentPackage, canBuy: true });
    const params = { cardId: card.id };
    const { items, isComplete } = await shop.customer.ok('GET /cards/:cardId/subscriptions', {
      params,
    });
    expect(items).toContainEqual(before.currentPackage);
    expect(isComplete).toBe(false);
  });

  test('stops sales on 大卡师 after an hour', async () => {
    const { id } = await findCard(shop.customer, serials.online);
    await shop.stack.sandbox.faults({ dakashiPackagesRefused: true });
    await shop.stack.advanceClock(61 * 60_000);
    const card = await readCard(id);
    expect(card.currentPackage).not.toBeNull();
    expect(card.canBuy).toBe(false);
  });
});

describe('an unreadable card', () => {
  const unread = {
    status: { code: 'unknown', carrierCode: '' },
    usage: null,
    realName: 'unknown',
    expiresAt: null,
    canBuy: false,
    blockedReason: '暂时读不到这张卡的状态，读到后才能购买。请稍后刷新。',
  };

  test('is added, listed, renamed and removed, and its number is shown', async () => {
    const { id: cardId } = await findUnansweredCard(0);
    const added = await shop.customer.send('POST /me/cards', { body: { cardId } });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ ...unread, inWallet: true });
    const readable = await findCard(shop.customer, serials.online);
    await shop.customer.ok('POST /me/cards', { body: { cardId: readable.id } });
    const listed = await wallet();
    expect(listed.map(({ id }) => id).toSorted()).toEqual([cardId, readable.id].toSorted());
    expect(listed.find(({ id }) => id === cardId)).toMatchObject(unread);
    expect(listed.find(({ id }) => id === readable.id)!.unreadable).toEqual([]);
    const params = { cardId };
    const body = { nickname: '仓库' };
    expect(await shop.customer.ok('PATCH /me/cards/:cardId', { params, body })).toMatchObject({
      ...unread,
      nickname: '仓库',
    });
    expect((await shop.customer.send('DELETE /me/cards/:cardId', { params })).status).toBe(204);
    expect((await wallet()).map(({ id }) => id)).toEqual([readable.id]);
  });

  test('names all its parts as unreadable, and is read once its platform answers', async () => {
    const card = await findUnansweredCard(1);
    expect(card.unreadable).toEqual(allParts.map((part) => ({ part, lastKnownAt: null })));
    const headers = { 'idempotency-key': newIdempotencyKey() };
    const body = { cardId: card.id, packageId: '120101', effective: 'now' as const };
    const problem = await shop.customer.problem('POST /orders', { headers, body });
    expect(problem.code).toBe('platform.unavailable');
    shop.stack.platformProxy.restore();
    expect(await readCard(card.id)).toMatchObject({ status: { code: 'active' }, unreadable: [] });
  });

  test('has no packages to list', async () => {
    const { id: cardId } = await findUnansweredCard(2);
    const params = { cardId };
    const problem = await shop.customer.problem('GET /cards/:cardId/subscriptions', { params });
    expect(problem).toMatchObject({ status: 503, code: 'platform.unavailable' });
  });

  test('is found by staff, beside a readable one', async () => {
    const { id } = await findUnansweredCard(3);
    const [{ iccid } = { iccid: '' }] = shop.stack.rows(
      `select iccid from cards where id = '${id}'`,
    ) as { iccid: string }[];
    const query = { query: iccid.slice(-10) };
    const { items } = await shop.supervisor.ok('GET /support/cards', { query });
    expect(items).toMatchObject([{ id, iccid, unreadable: { length: allParts.length } }]);
    const seen = await shop.supervisor.ok('GET /support/cards/:cardId', { params: { cardId: id } });
    expect(seen).toMatchObject({ card: { id, usage: null }, raw: [] });
  });
});

describe('a card whose platform is down', () => {
  test('is shown with its last report, and every part is marked with its time', async () => {
    const seen = await findCard(shop.customer, serials.online);
    await shop.customer.ok('POST /me/cards', { body: { cardId: seen.id } });
    await shop.stack.advanceClock(REPORT_LIFETIME_MS);
    await shop.stack.sandbox.faults({ dakashiDown: true });
    const [listed] = await wallet();
    expect(listed).toMatchObject({ id: seen.id, usage: seen.usage, fetchedAt: seen.fetchedAt });
    expect(listed!.unreadable).toEqual(
      allParts.map((part) => ({ part, lastKnownAt: seen.fetchedAt })),
    );
  });

  test('is found by a customer who has seen it and by staff, but not by another customer', async () => {
    const { iccid } = await cardInState(shop.stack, 'telecom', '1', 12);
    const { id } = await findCard(shop.customer, iccid);
    await shop.stack.advanceClock(REPORT_LIFETIME_MS);
    await shop.stack.sandbox.faults({ gatewayDown: true });
    const query = { number: iccid };
    const found = await shop.customer.ok('GET /cards', { query });
    expect(found).toMatchObject({ items: [{ id }], unansweredPlatforms: ['shingsou'] });
    expect(partsOf(found.items[0]!)).toEqual(allParts);
    const search = await shop.supervisor.ok('GET /support/cards', { query: { query: iccid } });
    expect(search).toMatchObject({ items: [{ id }], unansweredPlatforms: ['shingsou'] });
    const other = await shop.stack.signIn('who-has-not-seen-it');
    expect((await other.problem('GET /cards', { query })).code).toBe('platform.unavailable');
  });

  test('does not hide the card that another platform knows under the same number', async () => {
    const { cards } = await shop.stack.sandbox.dakashiState();
    const { iccid = '' } = cards.find(({ serialNo }) => serialNo === serials.shared) ?? {};
    await shop.stack.advanceClock(REPORT_LIFETIME_MS);
    await shop.stack.sandbox.faults({ gatewayDown: true });
    const found = await shop.customer.ok('GET /cards', { query: { number: iccid } });
    expect(found.items.map(({ platform }) => platform)).toEqual(['dakashi']);
    expect(found.unansweredPlatforms).toEqual(['shingsou']);
  });
});
