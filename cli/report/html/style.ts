/** Colours in pairs that keep a contrast of 4.5 : 1 for text and 3 : 1 for marks, on light and on dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #18202c; --soft: #566070; --line: #dfe3ea; --accent: #1c5fd0;
  --good: #12703a; --warn: #8a5300; --bad: #b3261e; --info: #225ea8; --quiet: #566070;
  --good-tint: #e2f4e8; --warn-tint: #fdf0d9; --bad-tint: #fce6e4; --info-tint: #e3edfa; --quiet-tint: #eceff3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151c; --card: #1a202a; --text: #e8ebf0; --soft: #a5afbd; --line: #303947; --accent: #8db8ff;
    --good: #6fd596; --warn: #f2bb62; --bad: #ff9a91; --info: #8fc0ff; --quiet: #a5afbd;
    --good-tint: #17352392; --warn-tint: #3d2d1292; --bad-tint: #45201e92; --info-tint: #1b304b92; --quiet-tint: #29313d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main, footer { max-width: 1280px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0; }
h2 { font-size: 18px; margin: 0 0 12px; }
a { color: var(--accent); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin: 20px 0; }
section:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 16px; top: 12px; background: var(--card); padding: 8px 12px; z-index: 2; }
.where { color: var(--soft); margin: 4px 0 16px; overflow-wrap: anywhere; }
.verdict { display: flex; gap: 10px; align-items: center; border-radius: 10px; padding: 12px 16px; margin: 0 0 16px; font-weight: 600; }
.verdict.good { background: var(--good-tint); color: var(--good); }
.verdict.warn { background: var(--warn-tint); color: var(--warn); }
.verdict.bad { background: var(--bad-tint); color: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 0; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px; }
.tiles dt { color: var(--soft); font-size: 13px; }
.tiles dd { margin: 0; font-size: 24px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tiles dd.remark { font-size: 13px; font-weight: 400; }
.remark, .next { color: var(--soft); font-size: 13px; font-weight: 400; overflow-wrap: anywhere; }
.findings { list-style: none; margin: 0; padding: 0; display: grid; gap: 10px; }
.findings li { display: grid; grid-template-columns: 104px 1fr; gap: 12px; align-items: start; overflow-wrap: anywhere; }
details > .findings { margin-top: 12px; }
.findings + details { margin-top: 14px; }
summary { cursor: pointer; color: var(--accent); }
.badge { display: inline-block; padding: 1px 10px; border-radius: 999px; font-size: 13px; font-weight: 600; white-space: nowrap; background: var(--quiet-tint); color: var(--quiet); text-align: center; }
.badge.in-sync, .badge.covered { background: var(--good-tint); color: var(--good); }
.badge.drifted, .badge.drift, .badge.interrupted, .badge.stale { background: var(--warn-tint); color: var(--warn); }
.badge.missing, .badge.failed, .badge.uncovered, .badge.undetermined { background: var(--bad-tint); color: var(--bad); }
.badge.unmanaged { background: var(--info-tint); color: var(--info); }
.wide { overflow-x: auto; }
.tall { max-height: 70vh; overflow-y: auto; }
figure { margin: 0; }
.timeline { display: block; width: 100%; min-width: 760px; height: auto; }
.timeline text { fill: var(--text); font-size: 12.5px; }
.timeline .lane { text-anchor: end; unicode-bidi: isolate; }
.timeline .near { display: none; text-anchor: end; unicode-bidi: isolate; }
.timeline .tick { fill: var(--soft); text-anchor: middle; font-size: 11.5px; }
.timeline .end { text-anchor: end; }
.rail { stroke: var(--line); stroke-width: 1; }
.grid { stroke: var(--line); stroke-width: 1; stroke-dasharray: 2 4; }
.grid.now { stroke: var(--soft); stroke-dasharray: none; }
.window { fill: var(--good); opacity: .1; }
.mark { fill: var(--good); stroke: var(--card); stroke-width: 1.5; }
.mark.drifted, .mark.interrupted { fill: var(--warn); }
.mark.failed, .mark.undetermined { fill: var(--bad); }
.mark.unmanaged { fill: var(--info); }
.mark .hollow { fill: var(--card); stroke: var(--warn); stroke-width: 2.5; }
.mark.unmanaged .hollow { stroke: var(--info); }
.mark .stroke { fill: none; stroke: var(--bad); stroke-width: 3; stroke-linecap: round; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 6px 18px; padding: 0; margin: 12px 0 0; color: var(--soft); font-size: 13px; }
.legend li { display: flex; gap: 6px; align-items: center; }
.legend svg { width: 16px; height: 16px; }
figcaption p { color: var(--soft); font-size: 13px; margin: 8px 0 0; }
.filter { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; margin-bottom: 14px; }
.filter[hidden] { display: none; }
.filter input[type=search] { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--soft); border-radius: 8px; padding: 6px 10px; width: 240px; min-width: 0; }
.filter > label { display: inline-flex; max-width: 100%; gap: 8px; align-items: center; }
fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; }
legend { float: left; padding: 0; margin-right: 10px; color: var(--soft); }
fieldset label { display: inline-flex; gap: 5px; align-items: center; }
#shown { margin: 0 0 0 auto; color: var(--soft); font-size: 13px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 9px 12px; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-top: 0; color: var(--soft); font-size: 13px; font-weight: 600; white-space: nowrap; overflow-wrap: normal; }
tbody th { font-weight: 600; }
#listing { table-layout: fixed; min-width: 1020px; }
#listing thead th:nth-child(1) { width: 118px; }
#listing thead th:nth-child(3) { width: 15%; }
#listing thead th:nth-child(4) { width: 182px; }
#listing thead th:nth-child(5) { width: 92px; }
#listing thead th:nth-child(6) { width: 98px; }
#listing thead th:nth-child(7) { width: 22%; }
td time { white-space: nowrap; }
.number, thead .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.sort { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
.sort:hover { color: var(--text); text-decoration: underline; }
.arrow::after { content: " ↕"; opacity: .45; }
[aria-sort=ascending] .arrow::after { content: " ↑"; opacity: 1; }
[aria-sort=descending] .arrow::after { content: " ↓"; opacity: 1; }
pre { margin: 8px 0 0; padding: 10px 12px; background: var(--page); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; font: 13px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { color: var(--soft); font-size: 13px; padding-bottom: 28px; }
@media (max-width: 640px) { header, main, footer { padding: 0 12px; } section { padding: 14px; } .findings li { grid-template-columns: 1fr; gap: 4px; } .badge { justify-self: start; } }
@media screen and (max-width: 720px) {
  .timeline .near { display: inline; }
  #listing { min-width: 0; }
  .cards, .cards thead, .cards tbody, .cards tr, .cards td, .cards tbody th { display: block; }
  .cards thead tr { display: flex; flex-wrap: wrap; }
  #listing thead th:nth-child(n) { border: 0; padding: 4px 12px 4px 0; width: auto; text-align: left; }
  .cards tbody tr { border-top: 1px solid var(--line); padding: 8px 0; }
  .cards tbody tr[hidden] { display: none; }
  .cards td, .cards tbody th { border: 0; padding: 2px 0; text-align: left; width: auto; }
  .cards pre { max-width: 100%; }
  .cards td.number { display: inline-block; padding-right: 14px; }
  .cards td:last-child.number::after, #listing td:nth-child(6)::after { content: " a month"; }
  #servers thead { display: none; }
  #servers td:nth-child(3)::before { content: "Recovery point: "; }
  #servers td:nth-child(4)::before { content: "Snapshots: "; }
}
@media print {
  :root {
    color-scheme: light; --page: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb; --accent: #1c5fd0;
    --good: #12703a; --warn: #8a5300; --bad: #b3261e; --info: #225ea8; --quiet: #566070;
    --good-tint: #e2f4e8; --warn-tint: #fdf0d9; --bad-tint: #fce6e4; --info-tint: #e3edfa; --quiet-tint: #eceff3;
  }
  body { font-size: 11px; }
  header, main, footer { max-width: none; padding: 0; }
  section { border: 0; padding: 0; border-radius: 0; }
  .filter, .skip { display: none; }
  .wide, .tall { overflow: visible; max-height: none; }
  .timeline { min-width: 0; }
  tr, li, .tiles div { break-inside: avoid; }
  thead { display: table-header-group; }
  .arrow { display: none; }
  th, td { padding: 4px 6px; }
  .remark, .next, .badge, thead th { font-size: 9.5px; white-space: normal; }
  #listing { min-width: 0; }
  #listing thead th:nth-child(1) { width: 12%; }
  #listing thead th:nth-child(4) { width: 13%; }
  #listing thead th:nth-child(5), #listing thead th:nth-child(6) { width: 8%; }
  td time { white-space: normal; }
  pre { white-space: pre-wrap; font-size: 9px; padding: 4px 6px; margin-top: 2px; }
  .badge, .verdict, .window, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
