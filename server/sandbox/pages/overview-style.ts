/** The style of the sandbox's page. */
export const overviewStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f7; --panel: #fff; --ink: #15201e; --quiet: #5b6b68; --line: #e2e8e6;
  --accent: #0a8f7f; --accent-ink: #08695e; --wash: #e6f4f1; --amber: #8a5a00; --amber-wash: #fdf1d8;
  --red: #b3261e; --red-wash: #fdeceb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1413; --panel: #171e1c; --ink: #e5edeb; --quiet: #9badaa; --line: #2a3432;
    --accent: #2bc4ae; --accent-ink: #5fdcc9; --wash: #123531; --amber: #f2c060; --amber-wash: #3a2d10;
    --red: #ff9d94; --red-wash: #421c19;
  }
}
* { box-sizing: border-box; margin: 0; }
[hidden] { display: none !important; }
body {
  background: var(--ground); color: var(--ink);
  font: 15px/1.6 -apple-system, BlinkMacSystemFont, "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
}
.page { max-width: 1120px; margin: 0 auto; padding: 24px 16px 64px; display: grid; gap: 24px; }
header h1 { font-size: 22px; line-height: 1.4; }
header p, .note, .empty { color: var(--quiet); font-size: 14px; }
.empty { padding: 16px 0; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 14px; padding: 16px; min-width: 0; }
h2 { font-size: 16px; margin-bottom: 4px; }
.figures { display: grid; grid-template-columns: repeat(2, 1fr); gap: 16px; }
.figure dt { color: var(--quiet); font-size: 13px; }
.figure dd { font-size: 26px; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
.figure small { font-size: 16px; font-weight: 500; margin-right: 2px; }
ul { list-style: none; padding: 0; }
.list > li { padding: 12px 0; border-top: 1px solid var(--line); display: grid; gap: 4px 16px; }
.list > li:first-child { border-top: 0; }
.line { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; justify-content: space-between; min-width: 0; }
.quiet { color: var(--quiet); font-size: 13px; }
.mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 14px; overflow-wrap: anywhere; }
.tag { font-size: 13px; padding: 1px 8px; border-radius: 999px; background: var(--ground); color: var(--quiet); border: 1px solid var(--line); white-space: nowrap; }
.tags { display: inline-flex; flex-wrap: wrap; gap: 6px; }
.tag.good { background: var(--wash); color: var(--accent-ink); border-color: transparent; }
.tag.soon { background: var(--amber-wash); color: var(--amber); border-color: transparent; }
.tag.bad { background: var(--red-wash); color: var(--red); border-color: transparent; }
button {
  font: inherit; color: var(--accent-ink); background: transparent; border: 1px solid var(--line);
  border-radius: 8px; min-height: 44px; padding: 4px 14px; cursor: pointer;
}
button:hover { border-color: var(--accent); }
button:disabled { opacity: .5; cursor: default; }
button:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button.copy { border: 0; padding: 0; min-height: 32px; text-align: left; color: inherit; border-bottom: 1px dashed transparent; border-radius: 0; }
button.copy:hover { border-bottom-color: var(--accent); }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
.now { font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
.switch { display: flex; gap: 12px; align-items: center; justify-content: space-between; min-height: 52px; cursor: pointer; padding: 6px 0; }
.switches > li { border-top: 1px solid var(--line); }
.switches > li:first-child { border-top: 0; }
.switch span { min-width: 0; }
.switch b { display: block; font-weight: 500; }
.switch input[type=checkbox] { appearance: none; flex: none; width: 44px; height: 26px; border-radius: 13px; background: var(--line); position: relative; cursor: pointer; border: 1px solid var(--quiet); }
.switch input[type=checkbox]::after { content: ""; position: absolute; left: 2px; top: 2px; width: 20px; height: 20px; border-radius: 50%; background: var(--quiet); transition: transform .16s; }
.switch input[type=checkbox]:checked { background: var(--amber); border-color: var(--amber); }
.switch input[type=checkbox]:checked::after { transform: translateX(18px); background: var(--panel); }
input[type=number], input[type=search] {
  font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 8px;
  min-height: 44px; padding: 4px 12px; width: 100%;
}
.switch input[type=number] { width: 96px; flex: none; }
details summary { cursor: pointer; color: var(--accent-ink); font-size: 13px; line-height: 32px; }
details li { font-size: 13px; color: var(--quiet); }
.card { grid-template-columns: 1fr; }
.bar { height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; width: 100%; display: block; }
.bar svg { display: block; width: 100%; height: 4px; }
.bar rect { fill: var(--accent); }
.toast { position: fixed; left: 50%; bottom: 24px; transform: translateX(-50%); background: var(--ink); color: var(--ground); padding: 8px 16px; border-radius: 8px; font-size: 14px; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (min-width: 900px) {
  .page { padding-top: 40px; }
  .columns { display: grid; grid-template-columns: minmax(0, 1fr) 360px; gap: 24px; align-items: start; }
  .figures { grid-template-columns: repeat(4, 1fr); }
  .card { grid-template-columns: minmax(0, 4fr) minmax(0, 3fr) minmax(0, 3fr) minmax(0, 3fr); align-items: center; }
  section { padding: 20px 24px; }
}
.stack { display: grid; gap: 24px; min-width: 0; }
@media (max-width: 899px) { .columns { display: grid; gap: 24px; } }
`;
