import { beijingDate } from '@shared/beijing-time';
import { sendJson, startTestServer } from '../../platforms/testing/http-server';
import type { ReceivedRequest, TestServer } from '../../platforms/testing/http-server';

export const SHOP_KEY = 'the-key-of-the-shop';

interface Order {
  number: string;
  packageId: string;
  fen: number;
  state: 'queued' | 'done' | 'failed';
  doneAt: number | null;
  madeAt: number;
}

/** How long a delivery takes, in ms. */
const DELIVERY_MS = 20_000;

const card = { id: 'c-1', iccid: '89860412345678901234', phone: '14400000001' };
const usage = {
  status: '0',
  totalMb: 2048,
  usedMb: 512,
  at: Math.floor(Date.UTC(2026, 4, 1) / 1000),
};
const packages = [
  { id: 'p-2', name: '5GB', mb: 5120, fen: 1500 },
  { id: 'p-1', name: '1GB', mb: 1024, fen: 500 },
];

type Answer = { ok: true; data: unknown } | { ok: false; error: string };

const done = (data: unknown): Answer => ({ ok: true, data });
const refused = (error: string): Answer => ({ ok: false, error });

/** The operations of 示例卡商. */
function createSimulatedShop(clock: () => number) {
  const orders: Order[] = [];
  let balance = 10_000;

  function completeIfDue(order: Order): void {
    if (order.state !== 'queued' || clock() < order.madeAt + DELIVERY_MS) return;
    order.state = 'done';
    order.doneAt = Math.floor(clock() / 1000);
  }

  function buy(body: string): Answer {
    const { number, id, packageId, fen } = JSON.parse(body) as Record<string, string | number>;
    const known = orders.find((order) => order.number === number);
    if (known) return known.packageId === packageId ? done(known) : refused('numberTaken');
    const bought = packages.find((one) => one.id === packageId && one.fen === fen);
    if (id !== card.id) return refused('noCard');
    if (!bought) return refused('noPackage');
    if (bought.fen > balance) return refused('noMoney');
    balance -= bought.fen;
    const order = { number: String(number), packageId: bought.id, fen: bought.fen };
    orders.push({ ...order, state: 'queued', doneAt: null, madeAt: clock() });
    return done(orders.at(-1));
  }

  function list(query: URLSearchParams): Answer {
    orders.forEach(completeIfDue);
    const [number, day] = [query.get('number'), query.get('day')];
    return done(
      orders.filter((order) =>
        number === null ? beijingDate(order.madeAt) === day : order.number === number,
      ),
    );
  }

  return function answer({ method, path, query, body }: ReceivedRequest): Answer {
    const isCard = query.get('id') === card.id;
    switch (`${method} ${path}`) {
      case 'GET /cards': {
        const names = [card.iccid, card.iccid.slice(-10), card.phone];
        return done(names.includes(query.get('number') ?? '') ? [card] : []);
      }
      case 'GET /card':
        return isCard ? done({ ...card, ...usage }) : refused('noCard');
      case 'GET /packages':
        return isCard ? done(packages) : refused('noCard');
      case 'POST /orders':
        return buy(body);
      case 'GET /orders':
        return list(query);
      default:
        return done({ fen: balance });
    }
  };
}

/** The simulated 示例卡商, over HTTP. `clock` is in epoch ms. */
export async function startExamplePlatform(clock: () => number): Promise<TestServer> {
  const answer = createSimulatedShop(clock);
  return startTestServer((request, response) => {
    if (request.headers['x-shop-key'] !== SHOP_KEY) response.writeHead(401).end();
    else sendJson(response, 200, answer(request));
  });
}

export const exampleCard = card;
