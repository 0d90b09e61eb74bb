/** Over the style of all that can be moved: two searches beside each other, and the table of layers. */
export const panelStyle: string = `
.multiprize-explorable.multiprize-panel{max-width:1240px}
.multiprize-panel .multiprize-controls :disabled{opacity:.5}
.multiprize-sides{display:flex;flex-wrap:wrap;gap:8px 28px}
.multiprize-side{flex:1 1 420px;min-width:0;max-width:600px}
.multiprize-side h4{margin:8px 0 2px;font-size:15px}
.multiprize-side canvas{width:100%;height:230px;display:block}
.multiprize-side .multiprize-controls{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,250px),1fr));gap:2px 18px;align-items:start}
.multiprize-side .multiprize-controls label{display:flex;flex-wrap:nowrap}
.multiprize-side .multiprize-controls label span{min-width:6.5em}
.multiprize-side .multiprize-controls input[type=range]{flex:1 1 60px;width:60px;min-width:0;max-width:180px}
.multiprize-side small{opacity:.85}
.multiprize-side .multiprize-told{display:block}
.multiprize-told small{display:block;margin:2px 0 4px}
.multiprize-side table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;margin:6px 0;width:100%}
.multiprize-side th,.multiprize-side td{text-align:right;padding:2px 6px;border-bottom:1px solid #7676764d;background:transparent;color:inherit}
.multiprize-side td{white-space:nowrap}
.multiprize-side th:first-child,.multiprize-side td:first-child{text-align:left}
.multiprize-side td canvas{height:16px;width:120px}
.multiprize-side .multiprize-scroll{overflow-x:auto}
`.trim();
