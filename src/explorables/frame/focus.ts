/**
 * Leaves focus and keys to what is inside a box. A notebook around it would take them for its cells: in JupyterLab a
 * slider that was reached by keyboard lost the focus at once, and no key moved it. Keys with Ctrl or Cmd stay the
 * notebook's: they save it, and open its palette.
 */
export function keepFocusAndKeys(box: HTMLElement): void {
  box.dataset.keepsKeys = "";
  keepFromLumino(box, true);
  for (const kind of ["focusin", "mousedown"]) box.addEventListener(kind, stop);
  box.addEventListener("keydown", event => {
    if (!isCommand(event)) stop(event);
  });
  // The window hears a key before Lumino's document does. The same function is added once, however many boxes there are.
  window.addEventListener("keydown", giveBackCommands, true);
}

/** Lumino, which JupyterLab is made of, looks for this before it acts on a key. */
function keepFromLumino(box: HTMLElement, keeps: boolean): void {
  if (keeps) box.dataset.lmSuppressShortcuts = "true";
  else delete box.dataset.lmSuppressShortcuts;
}

function giveBackCommands(event: KeyboardEvent): void {
  const {target} = event;
  const box = target instanceof Element ? target.closest<HTMLElement>("[data-keeps-keys]") : null;
  if (box) keepFromLumino(box, !isCommand(event));
}

function isCommand({ctrlKey, metaKey}: KeyboardEvent): boolean {
  return ctrlKey || metaKey;
}

function stop(event: Event): void {
  event.stopPropagation();
}
