import { credentialTexts } from "../azure/auth/principal";
import { safeJson, safeText, type SafeText } from "../azure/safe-text";
import { ResourceInitFailed, fitting } from "../host/init-failed";
import { inputOf } from "../schema/fields";
import { passwordsIn, secretPartsOf, secrecyOf } from "../core/secrecy";
import { previousInputs } from "../core/previous-inputs";
import type { Values, ProviderContext } from "./context";

/**
 * One call of a lifecycle method: what it shows, in lines and errors, and what it stores of the service's own words, holds
 * no secret and nothing that a terminal would obey; its lines are shown before its end is.
 */
export const withRedaction =
  <Given extends unknown[], Result>(
    provider: ProviderContext,
    method: (provider: ProviderContext) => (...given: Given) => Promise<Result>,
  ) =>
  async (...given: Given): Promise<Result> => {
    const safe = safeText([
      ...credentialTexts(await provider.settings()),
      ...secretTexts(...given.filter(isValues)),
    ]);
    const call = () => method(withSafeLines(provider, safe))(...given);
    try {
      return withSafeWords(await (provider.during ? provider.during(call) : call()), safe);
    } catch (error) {
      throw safeError(error, safe);
    } finally {
      await provider.log.flush();
    }
  };

const isValues = (given: unknown): given is Values => typeof given === "object" && given !== null;

/** The secret texts among inputs and outputs: keys, passwords, and whatever the program marked as a secret. */
const secretTexts = (...all: readonly Values[]): readonly string[] => {
  const isSecret = secrecyOf(...all);
  return all
    .flatMap((given) => [given, previousInputs(given) ?? {}])
    .flatMap((values) => [
      ...Object.entries(values).flatMap(([name, value]) =>
        isSecret(name) ? secretPartsOf(name, value, all).flatMap(textsIn) : [],
      ),
      ...passwordsIn(values, inputOf("inferenceConfig")),
    ]);
};

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const withSafeLines = (provider: ProviderContext, safe: SafeText): ProviderContext => ({
  ...provider,
  safe,
  log: { ...provider.log, write: (line) => provider.log.write({ ...line, text: safe(line.text) }) },
});

/** The outputs in which the service speaks in its own words. */
const SERVICES_WORDS: readonly string[] = ["error", "deploymentStatus"];

const safeWords = (outputs: Values, safe: SafeText): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      SERVICES_WORDS.includes(name) ? safeJson(value, safe) : value,
    ]),
  );

const withSafeWords = <Result>(result: Result, safe: SafeText): Result => {
  if (!isValues(result)) return result;
  const stored = Object.entries(result).filter(([name]) => name === "outs" || name === "props");
  const safer = stored.map(([name, outputs]) => [
    name,
    isValues(outputs) ? safeWords(outputs, safe) : outputs,
  ]);
  return { ...result, ...Object.fromEntries(safer) } as Result;
};

/**
 * The error as the host may show it: a container's log or the service's own words may repeat a secret. The host shows the
 * message on the resource's row; what it prints besides, the error as a text and its stack, would say all of it again.
 */
const safeError = (error: unknown, safe: SafeText): Error => {
  const hidden =
    error instanceof ResourceInitFailed
      ? new ResourceInitFailed(error.id, safeWords(error.properties, safe), error.reasons.map(safe))
      : new Error(fitting(safe(error instanceof Error ? error.message : String(error))));
  return Object.assign(hidden, {
    stack: "see the error of the resource",
    toString: () => "pulumi-azureml",
  });
};
