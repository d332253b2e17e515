import { LimitNode, SqliteQueryCompiler, type ValueNode, WhenNode } from 'kysely';

/**
 * Kysely's SQLite compiler with two changes that let prepared statements be reused. LIMIT is written as a
 * literal: SQLite prepares a statement again after each binding if its plan may depend on the value
 * (sqlite.org/c3ref/prepare.html), and profiling showed that for limits. Results of CASE are bound, where
 * Kysely writes literals.
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
