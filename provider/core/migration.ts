import { fields, fieldOf, inputOf } from "../schema/fields";
import { describe, pathOf, refusal, type IsSecret, type Refusal } from "./check-failure";
import { programChanged } from "./previous-inputs";
import { hasUnknown, isObject, isUnknown, isSet, type Settings } from "./values";

const NAME = "computeTargetName";
const ACKNOWLEDGEMENT = "acknowledgeIrreversible";
const COMPUTE_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const PAGE = "docs/migration.md";

/** Everything wrong with what the program says of a migration. */
export const migrationRefusals = (input: string, value: unknown): readonly Refusal[] => {
  if (isUnknown(value)) return [];
  if (!isObject(value))
    return [
      refusal(
        "WrongType",
        input,
        `{ ${NAME}, ${ACKNOWLEDGEMENT}: true }`,
        value,
        `Write both members; see ${PAGE}.`,
      ),
    ];
  return [
    ...nameRefusals(input, value[NAME]),
    ...acknowledgementRefusals(input, value[ACKNOWLEDGEMENT]),
    ...Object.keys(value)
      .filter((key) => key !== NAME && key !== ACKNOWLEDGEMENT)
      .map((key) =>
        refusal(
          "UnknownSetting",
          pathOf(input, key),
          `${NAME} or ${ACKNOWLEDGEMENT}`,
          value[key],
          "Remove it.",
        ),
      ),
  ];
};

const nameRefusals = (input: string, name: unknown): readonly Refusal[] => {
  if (isUnknown(name)) return [];
  const path = pathOf(input, NAME);
  const expected = "the name of a Kubernetes compute target of the workspace";
  const next = "Give the compute's name, not its id.";
  if (!isSet(name)) return [refusal("Missing", path, expected, name, next)];
  if (typeof name !== "string") return [refusal("WrongType", path, expected, name, next)];
  return COMPUTE_NAME.test(name) ? [] : [refusal("BadFormat", path, expected, name, next)];
};

/** Not even an unknown value will do: a person must have written it. */
const acknowledgementRefusals = (input: string, value: unknown): readonly Refusal[] =>
  value === true
    ? []
    : [
        refusal(
          "Missing",
          pathOf(input, ACKNOWLEDGEMENT),
          "true, since a migration cannot be undone",
          value,
          `Read ${PAGE} first, then set it to true.`,
        ),
      ];

/** The name of the compute that the program wants the service to be moved to; it may not be known yet. */
export const migrationTarget = (news: Settings): string | undefined => {
  const desired = news[inputOf("migrateTo")];
  if (isUnknown(desired)) return desired as string;
  return isObject(desired) ? (desired[NAME] as string) : undefined;
};

/** A migration is asked of a service that is there already. */
export const prematureMigration = (news: Settings): readonly Refusal[] => {
  const input = inputOf("migrateTo");
  return isSet(news[input])
    ? [
        refusal(
          "Exclusive",
          input,
          "unset until the service is deployed or adopted",
          news[input],
          `Remove ${input}, run \`pulumi up\`, then set it.`,
        ),
      ]
    : [];
};

/** What else the program changes together with a migration, which the service would ignore. */
export const notAlone = (changed: readonly string[]): readonly Refusal[] =>
  changed.length === 0
    ? []
    : [
        {
          code: "Exclusive",
          path: inputOf("migrateTo"),
          expected: "the only change, since the service ignores all others during a migration",
          found: `changes of ${changed.join(", ")} too`,
          next: `Deploy these without ${inputOf("migrateTo")} first, or leave them out.`,
        },
      ];

/** What the program changed of a service that this API cannot change any more. */
export const changesOfMigrated = (
  outputs: Settings,
  news: Settings,
  isSecret: IsSecret,
): readonly Refusal[] =>
  fields
    .filter((row) => row.mutability !== "providerOnly" || row.role === "migrateTo")
    .map((row) => row.input)
    .filter((input) => isSet(news[input]) && !hasUnknown(news[input]))
    .filter((input) => wasSaid(input, outputs, news) && programChanged(input, outputs, news))
    .map((input) => ({
      code: "Immutable",
      path: input,
      expected:
        "as before: the service has been migrated to a Kubernetes online endpoint, and this API cannot change it any more",
      found: describe(news[input], isSecret(input)),
      next: `Manage the endpoint with azure-native's OnlineEndpoint, and take this resource out of the stack with \`pulumi state delete\`; see ${PAGE}.`,
    }));

/** A service may have been migrated by somebody else, and the program then may name the new compute. */
const wasSaid = (input: string, outputs: Settings, news: Settings): boolean =>
  fieldOf(input)?.role !== "migrateTo" || migrationTarget(news) !== outputs[inputOf("compute")];
