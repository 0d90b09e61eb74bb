/**
 * Leaves focus and keys to what is inside a box. A notebook around it would take them for its cells: in JupyterLab a
 * slider that was reached by keyboard lost the focus at once, and no key moved it.
 */
export function keepFocusAndKeys(box: HTMLElement): void {
  // Lumino, which JupyterLab is made of, looks for this before it acts on a key.
  box.dataset.lmSuppressShortcuts = "true";
  for (const kind of ["focusin", "mousedown", "keydown"]) box.addEventListener(kind, stop);
}

function stop(event: Event): void {
  event.stopPropagation();
}
