import type { ValueNode } from 'kysely';
import { LimitNode, SqliteQueryCompiler, WhenNode } from 'kysely';

/**
 * Kysely's SQL for SQLite, but for two numbers, so that a statement that was prepared once serves again. A
 * limit is written out: where the plan may depend on a bound value SQLite makes it anew after every binding
 * (sqlite.org/c3ref/prepare.html), which the profile showed of limits. What a CASE results in is bound, where
 * Kysely writes it out.
 */
export class ReusableSqlCompiler extends SqliteQueryCompiler {
  protected override visitValue(node: ValueNode): void {
    const { value } = node;
    const { parentNode } = this;
    if (typeof value !== 'number' || !parentNode) super.visitValue(node);
    else if (LimitNode.is(parentNode)) this.append(String(value));
    else if (WhenNode.is(parentNode)) this.appendValue(value);
    else super.visitValue(node);
  }
}
