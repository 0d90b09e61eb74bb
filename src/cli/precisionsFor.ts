import type {BackendInfo} from "../backend/backend";
import {precisionOn} from "../backend/precisionOn";
import {UserError} from "../core/errors";
import {type Precision, precisions} from "../core/precision";
import {note} from "./print";

/** Precisions to measure: those asked for, or all that there are here. */
export function precisionsFor(
  asked: readonly Precision[] | undefined,
  on: BackendInfo,
): readonly Precision[] {
  const lacking = (asked ?? precisions).map(each => precisionOn(each, on).notice).find(notice => notice);
  if (lacking === undefined) return asked ?? precisions;
  if (asked) throw new UserError(`not measured: ${lacking}`);
  note(lacking);
  return precisions.filter(each => precisionOn(each, on).precision === each);
}
