import {shownValue} from "../core/choice";
import {UserError} from "../core/errors";
import {checkSetting, checkSettings} from "./checkSettings";
import {checkLaws} from "./laws";
import {usualRamp} from "./ramp";
import {type RecipeName, randomMaskEpochs, recipe} from "./recipe";
import {settingNamed, settingNames, usualValue} from "./settings";
import type {SearchSpec} from "./spec";

/** What the caller cares about. */
export type Given = Partial<SearchSpec> &
  Pick<SearchSpec, "arch"> & {
    /** Where the rest comes from: the reference's configurations unless given. Fills values in; no part of the spec. */
    readonly recipe?: RecipeName;
  };

/**
 * A whole spec from what the caller cares about; the rest are the reference's settings for that architecture and
 * activation, or those of another named recipe: 100 epochs, cosine, Kaiming normal weights scaled by 1−k (`kn`),
 * uniform scores, mean |W| as gain. UserError, in one line with what is valid, for what is no setting, a value of the
 * wrong kind, and settings that contradict one another.
 */
export function searchSpec(given: Given): SearchSpec {
  const spec = filledIn(given);
  checkLaws(spec);
  return spec;
}

/** The same, though its settings may contradict one another. */
export function filledIn(given: Given): SearchSpec {
  if (typeof given !== "object" || given === null) {
    throw new UserError(
      `a search is asked for by an object such as {arch: "digits"}; got ${shownValue(given)}`,
    );
  }
  const {recipe: name = "reference", ...own} = withoutUndefined(given) as Given;
  const {arch, activation = "relu", method = "biprop", batchNorm = "none"} = own;
  checkSettings(own);
  checkSetting("arch", arch);
  const usual = usualValues({method});
  const epochs =
    own.epochs ?? (method === "random-mask" ? randomMaskEpochs({arch, activation, batchNorm}) : undefined);
  const asked = {arch, activation, method, batchNorm, epochs: epochs ?? usual.epochs!};
  const filled = {...usual, ...recipe(name, asked), ...own, ...(epochs !== undefined && {epochs})};
  const spec = filled as SearchSpec;
  const ramp =
    spec.ramp ?? (spec.selection === "global" ? usualRamp(spec.keepFraction, spec.epochs) : undefined);
  return ramp === undefined ? spec : {...spec, ramp};
}

/** The values of the rows that must be in a spec and that no recipe gives. */
function usualValues(chosen: Pick<SearchSpec, "method">): Partial<SearchSpec> {
  const values = settingNames.flatMap(name => {
    const value = usualValue(settingNamed(name), chosen);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(values);
}

function withoutUndefined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}
