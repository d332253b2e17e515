export const usage = `用法 (Usage): npm run db -- <command>

  migrate               把数据库升级到最新结构
                        brings the store to the newest schema
  check                 核对账目，有问题时退出码为 1
                        checks the book; exit code 1 if anything in it cannot be true
  copy <from> <to>      把一个数据库整体复制到另一个空库，并核对行数与金额
                        copies one store into an empty one; compares rows and sums of money
  backup <file>         备份到一个新文件，可在运行中进行
                        writes a backup to a new file, also while Liuka is running
  restore <file> [--replace]
                        从备份恢复；库中已有订单时须加 --replace
                        restores a backup; with --replace also over a store that has orders

除 copy 外，数据库由 DATABASE_URL 指定。
The store is the one DATABASE_URL names, except for copy:
  sqlite:./data/liuka.db    postgres://user:password@host/database
`;

/** The command was not understood: the usage is shown instead of a message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
