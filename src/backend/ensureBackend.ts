import {backendInfo, useBackend} from "./backend";

/** The backend that is in use stays; where none is, `auto`. What is called in one line of a notebook asks for it. */
export async function ensureBackend(): Promise<void> {
  try {
    backendInfo();
  } catch {
    await useBackend("auto");
  }
}
