/** One style for all that can be moved, in the ink of the page: light or dark, beside each other or on a phone. */
export const style: string = `
.multiprize-explorable{max-width:920px;font:15px/1.45 Helvetica,Arial,sans-serif;padding:8px 4px;box-sizing:border-box}
body[data-jp-theme-light=false] .multiprize-explorable,body.vscode-dark .multiprize-explorable{color-scheme:dark}
.multiprize-explorable p{margin:0 0 8px;max-width:62em}
.multiprize-title{font-weight:700}
.multiprize-panels{display:flex;flex-wrap:wrap;gap:8px 20px;margin:6px 0}
.multiprize-panels>svg,.multiprize-panels>img{flex:1 1 300px;width:100%;min-width:0;max-width:440px;height:auto;display:block}
.multiprize-wide svg,.multiprize-wide img{width:100%;max-width:none;height:auto;display:block}
.multiprize-controls,.multiprize-controls>div{display:flex;flex-wrap:wrap;gap:6px 18px;align-items:center;margin:4px 0}
.multiprize-controls label{display:inline-flex;align-items:center;gap:8px;min-height:40px}
.multiprize-controls label output{min-width:3.4em;font-variant-numeric:tabular-nums}
.multiprize-controls input[type=range]{width:150px;height:40px;margin:0;accent-color:#0072B2;accent-color:light-dark(#0072B2,#56B4E9)}
.multiprize-controls button,.multiprize-controls select{font:inherit;color:inherit;background:transparent;border:1px solid #767676;border-radius:5px;min-height:40px;padding:4px 14px;touch-action:manipulation}
.multiprize-controls select{padding:4px 8px}
.multiprize-controls button[name=play]{background:#0072B2;border-color:#0072B2;color:#fff;min-width:6.5em}
.multiprize-controls option{color:#222;background:#fff}
.multiprize-controls :focus-visible{outline:3px solid #D55E00;outline-offset:2px}
.multiprize-numbers{display:flex;flex-wrap:wrap;gap:2px 22px;font-variant-numeric:tabular-nums}
.multiprize-says{min-height:2.9em;margin-top:4px}
.multiprize-message{font-weight:700}
@media (max-width:600px){.multiprize-controls label{flex:1 1 100%;flex-wrap:wrap;gap:0 8px}.multiprize-controls input[type=range]{flex:1 1 140px}}
`.trim();
