import { redact } from "../client/error-text";
import type { ClientSettings } from "../client/settings";
import { FailedResource } from "../host/failed-resource";
import { inputOf } from "../model/fields";
import { passwordsIn } from "../semantics/inference-config/password";
import { secrecyOf } from "../semantics/secrecy";
import type { Values, World } from "./world";

/** The secret texts among inputs and outputs: keys, passwords, and whatever the program marked as a secret. */
export const secretTexts = (...all: readonly Values[]): readonly string[] => {
  const isSecret = secrecyOf(...all);
  const texts = all.flatMap((values) => [
    ...Object.entries(values).flatMap(([name, value]) => (isSecret(name) ? textsIn(value) : [])),
    ...passwordsIn(values, inputOf("inferenceConfig")),
  ]);
  // A text may be quoted in JSON, where it looks different.
  return [...new Set(texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]))];
};

const CREDENTIAL = /(token|secret|password)$/i;

/** The credentials among configuration and environment. */
export const credentialTexts = ({ config, env }: ClientSettings): readonly string[] =>
  Object.entries({ ...env, ...config }).flatMap(([name, value]) =>
    CREDENTIAL.test(name) && value ? [value] : [],
  );

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** The same world, whose lines show none of these texts. */
export const hidingLines = (world: World, secrets: readonly string[]): World => ({
  ...world,
  log: {
    ...world.log,
    write: (line) => world.log.write({ ...line, text: redact(line.text, secrets) }),
  },
});

/**
 * The error as the host may show it: a container's log or the service's own words may repeat a
 * secret. The host shows the message on the resource's row; what it prints besides, the error as a
 * text and its stack, would say all of it a second time.
 */
export const hidingError = (error: unknown, secrets: readonly string[]): Error => {
  const hidden =
    error instanceof FailedResource
      ? new FailedResource(
          error.id,
          error.properties,
          error.reasons.map((reason) => redact(reason, secrets)),
        )
      : new Error(redact(error instanceof Error ? error.message : String(error), secrets));
  return Object.assign(hidden, { stack: "see the error of the resource", toString: () => "pulumi-azureml" });
};
