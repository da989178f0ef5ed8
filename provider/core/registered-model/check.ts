import { modelFields } from "../../schema/model-fields";
import { addressInputs, resolveAddress, withPlainWorkspaceId, type CheckContext } from "../address";
import { URN, type Checked } from "../check";
import { isContent } from "../content";
import { describe, checkFailure, type Refusal } from "../check-failure";
import { refusalsOf, brokenTexts, tooDeep } from "../rules";
import { secrecyOf } from "../secrecy";
import { isUnknown, isHidden, isSet, withoutUnset, type Settings } from "../values";

/** The input that holds the model's files. */
export const SOURCE = "source";

const names = [SOURCE, ...modelFields.map((row) => row.input)];

/** The arguments as the provider works with them, and everything that is wrong with them but the files themselves. */
export const checkModel = (old: Settings, given: Settings, context: CheckContext): Checked => {
  const deep = tooDeep(given);
  if (deep.length > 0) return { inputs: given, failures: deep.map((one) => checkFailure(one, () => true)) };
  const set = withPlainWorkspaceId(withoutUnset(given));
  const isSecret = secrecyOf(set, old);
  const address = resolveAddress(set, old, context, isSecret);
  const inputs = completed(set, old, address.workspaceId);
  const refusals = [
    ...unknownSettings(set),
    ...modelFields.flatMap((row) =>
      isSet(set[row.input]) ? refusalsOf(row, set[row.input], isSecret(row.input)) : [],
    ),
    ...brokenTexts(set),
    ...badSource(set[SOURCE]),
    ...badDefaultName(set, inputs),
    ...address.refusals,
  ];
  return { inputs, failures: refusals.map((refusal) => checkFailure(refusal, isSecret)) };
};

const unknownSettings = (inputs: Settings): readonly Refusal[] =>
  Object.keys(inputs)
    .filter((input) => !isHidden(input) && !names.includes(input))
    .map((path) => ({
      code: "UnknownSetting",
      path,
      expected: "a setting of Model",
      found: "an unknown name",
      next: `The settings are ${names.join(", ")}.`,
    }));

const badSource = (source: unknown): readonly Refusal[] => {
  if (isUnknown(source) || isContent(source)) return [];
  return [
    {
      code: isSet(source) ? "WrongType" : "Missing",
      path: SOURCE,
      expected: "an asset or archive with the model's files",
      found: describe(source),
      next: 'Write new pulumi.asset.FileAsset("model.pkl"), or FileArchive for a folder.',
    },
  ];
};

const nameRow = modelFields.find((row) => row.input === "modelName")!;

const badDefaultName = (set: Settings, inputs: Settings): readonly Refusal[] =>
  isSet(set["modelName"]) ? [] : refusalsOf(nameRow, inputs["modelName"], false);

const defaultName = (urn: string): string =>
  (urn.split("::").at(-1) ?? "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");

const completed = (set: Settings, old: Settings, workspaceId: string | undefined): Settings => {
  const rest = Object.fromEntries(Object.entries(set).filter(([input]) => !addressInputs.includes(input)));
  return {
    ...rest,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    modelName: set["modelName"] ?? old["modelName"] ?? defaultName(String(set[URN] ?? "")),
  };
};
