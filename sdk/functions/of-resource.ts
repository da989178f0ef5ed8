import * as pulumi from "@pulumi/pulumi";
import { getLogs } from "./logs";
import { runService } from "./run";
import { getAccessToken } from "./tokens";
import type { AccessToken, LogOptions, RunOptions } from "./values";

type Id = pulumi.Output<pulumi.ID>;

const notKnown = <Answer>() => pulumi.output(pulumi.unknown) as unknown as pulumi.Output<Answer>;

/** Asked once the service is deployed; not known during a preview, which asks nothing. */
const whenDeployed = <Answer>(id: Id, ask: (id: string) => Promise<Answer>): pulumi.Output<Answer> =>
  id.apply((known): pulumi.Input<Answer> =>
    pulumi.runtime.isDryRun() ? notKnown<Answer>() : ask(known),
  ) as pulumi.Output<Answer>;

/** A token for the service, as a secret. */
export const accessTokenOf = (id: Id): pulumi.Output<AccessToken> =>
  pulumi.secret(whenDeployed(id, (known) => getAccessToken(known)));

/** The end of the container's log. */
export const logsOf = (id: Id, options?: LogOptions): pulumi.Output<string> =>
  whenDeployed(id, (known) => getLogs(known, options));

/** The model's answer to one input. Resolving all parts of an input would turn bytes into an object, so they go as they are. */
export const answerOf = (
  id: Id,
  input: pulumi.Input<unknown>,
  options?: RunOptions,
): pulumi.Output<unknown> => {
  const whole: pulumi.Output<unknown> | undefined =
    input instanceof Uint8Array
      ? undefined
      : pulumi.Output.isInstance(input)
        ? (input as pulumi.Output<unknown>)
        : pulumi.output(input);
  if (!whole) return whenDeployed(id, (known) => runService(known, input, options));
  return whole.apply((value) =>
    whenDeployed(id, (known) => runService(known, value, options)),
  ) as pulumi.Output<unknown>;
};
