/**
 * The style of WeChat's payment sheet. It has the same color schemes as the client around it: a frame whose
 * scheme differs from its page's loses its transparent background.
 */
export const cashierStyle = `
:root {
  color-scheme: light dark;
  --sheet: #fff; --ink: #191919; --quiet: #6b6b6b; --line: #e7e7e7; --pad: #f2f2f2; --key: #fff;
  --key-down: #dcdcdc; --green: #07c160; --green-ink: #047a3d; --shade: rgba(0, 0, 0, .55);
}
@media (prefers-color-scheme: dark) {
  :root {
    --sheet: #1e1e1e; --ink: #e8e8e8; --quiet: #9a9a9a; --line: #333; --pad: #151515; --key: #2c2c2c;
    --key-down: #3b3b3b; --green-ink: #3fd083;
  }
}
* { box-sizing: border-box; margin: 0; -webkit-tap-highlight-color: transparent; }
[hidden] { display: none !important; }
html, body { height: 100%; background: transparent; }
body {
  font: 16px/1.5 -apple-system, BlinkMacSystemFont, "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
  color: var(--ink); display: flex; flex-direction: column; align-items: center; overflow-y: auto;
  background: var(--shade);
}
button { font: inherit; color: inherit; border: 0; background: none; cursor: pointer; }
main:focus { outline: none; }
button:focus-visible { outline: 3px solid #2f7cf6; outline-offset: 2px; }
.sheet, .done {
  flex: none; width: 100%; max-width: 480px; margin-top: auto; background: var(--sheet); border-radius: 14px 14px 0 0;
  padding-bottom: env(safe-area-inset-bottom); animation: rise .24s ease-out;
}
.head { position: relative; height: 56px; display: flex; align-items: center; justify-content: center; }
.head h1 { font-size: 17px; font-weight: 600; }
.close { position: absolute; left: 4px; top: 6px; width: 44px; height: 44px; }
.close svg { width: 20px; height: 20px; vertical-align: middle; }
.sum { text-align: center; padding: 8px 24px 20px; }
.merchant { font-size: 15px; }
.amount { font-size: 42px; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
.amount small { font-size: 26px; margin-right: 4px; font-weight: 600; }
.goods { font-size: 13px; color: var(--quiet); overflow-wrap: anywhere; }
.rows { margin: 0 24px; border-top: 1px solid var(--line); }
.row { display: flex; justify-content: space-between; align-items: center; min-height: 56px; }
.row dt { color: var(--quiet); }
.row dd { display: flex; align-items: center; gap: 8px; }
.row svg { width: 20px; height: 20px; }
.act { padding: 12px 24px 28px; text-align: center; }
.primary {
  width: 100%; max-width: 320px; min-height: 48px; border-radius: 8px; background: var(--green);
  color: #fff; font-size: 17px; font-weight: 600;
}
.primary:active { filter: brightness(.92); }
.cells { display: flex; justify-content: center; gap: 8px; padding: 4px 24px 12px; }
.cell {
  width: 46px; height: 50px; border-radius: 6px; background: var(--pad); display: flex;
  align-items: center; justify-content: center;
}
.cell.on::after { content: ""; width: 12px; height: 12px; border-radius: 50%; background: var(--ink); }
.hint { text-align: center; font-size: 13px; color: var(--quiet); padding: 0 24px 16px; min-height: 37px; }
.keys {
  display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; padding: 6px; background: var(--pad);
}
.key { min-height: 50px; border-radius: 6px; background: var(--key); font-size: 24px; }
.key:active, .key.delete:active { background: var(--key-down); }
.key.delete { background: transparent; }
.key svg { width: 26px; height: 26px; vertical-align: middle; }
.key.blank { visibility: hidden; }
.done { text-align: center; padding: 56px 24px calc(28px + env(safe-area-inset-bottom)); min-height: 70%;
  display: flex; flex-direction: column; align-items: center; }
.done .tick { width: 64px; height: 64px; }
.done h1 { font-size: 18px; font-weight: 600; color: var(--green-ink); margin: 12px 0 28px; }
.done .amount { margin-bottom: 4px; }
.finish {
  margin-top: auto; min-width: 184px; min-height: 48px; border-radius: 8px; color: var(--green-ink);
  border: 1px solid var(--green); font-size: 17px; font-weight: 600;
}
.alert {
  position: fixed; inset: 0; margin: auto; width: min(300px, 86%); height: fit-content;
  background: var(--sheet); border-radius: 12px; text-align: center; overflow: hidden;
}
.alert h1 { font-size: 17px; padding: 28px 24px 4px; }
.alert p { padding: 4px 24px 24px; color: var(--quiet); overflow-wrap: anywhere; }
.alert button { width: 100%; min-height: 52px; border-top: 1px solid var(--line); color: var(--green-ink);
  font-weight: 600; }
.alert main:focus { outline: none; }
button:focus-visible { outline-offset: -4px; }
@keyframes rise { from { transform: translateY(40%); opacity: .2; } }
@media (prefers-reduced-motion: reduce) { .sheet, .done { animation: none; } }
@media (min-width: 700px), (min-height: 1000px) and (min-width: 560px) {
  .sheet, .done { margin-block: auto; }
  .sheet, .done { width: 400px; border-radius: 14px; overflow: hidden; }
  .done { min-height: 460px; }
}
@media (max-height: 600px) {
  .key { min-height: 44px; }
  .sum { padding-bottom: 10px; }
  .amount { font-size: 34px; }
}
`;
