import { beijingDate } from '@shared/beijing-time';
import type { Order } from '@shared/contract';

export interface MonthOrders {
  year: number;
  /** 1 to 12. */
  month: number;
  orders: Order[];
}

/** Groups orders, newest first, by the Beijing month they were placed in. Their sequence is kept. */
export function groupByMonth(orders: readonly Order[]): MonthOrders[] {
  const months: MonthOrders[] = [];
  for (const order of orders) {
    const [year = 0, month = 0] = beijingDate(Date.parse(order.createdAt)).split('-').map(Number);
    const last = months[months.length - 1];
    if (last?.year === year && last.month === month) last.orders.push(order);
    else months.push({ year, month, orders: [order] });
  }
  return months;
}
