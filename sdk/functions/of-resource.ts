import * as pulumi from "@pulumi/pulumi";
import { brief } from "../brief-error";
import { getLogs } from "./logs";
import { runService } from "./run";
import { getAccessToken } from "./tokens";
import type { AccessToken, LogOptions, RunOptions } from "./values";

type Deployed = pulumi.CustomResource;

const notKnown = <Answer>() => pulumi.output(pulumi.unknown) as unknown as pulumi.Output<Answer>;

/** Shown on the resource's own row, without a stack in which a user finds nothing. */
const onItsRow =
  (resource: Deployed) =>
  ({ message }: Error): Promise<never> =>
    Promise.reject(brief(new pulumi.ResourceError(message, resource, true)));

/** Asked once the service is deployed; not known during a preview, which asks nothing. */
const whenDeployed = <Answer>(
  resource: Deployed,
  ask: (id: string) => Promise<Answer>,
): pulumi.Output<Answer> =>
  resource.id.apply((id): pulumi.Input<Answer> =>
    pulumi.runtime.isDryRun() ? notKnown<Answer>() : ask(id).catch(onItsRow(resource)),
  ) as pulumi.Output<Answer>;

/** A token for the service, as a secret. */
export const accessTokenOf = (resource: Deployed): pulumi.Output<AccessToken> =>
  pulumi.secret(whenDeployed(resource, (id) => getAccessToken(id)));

/** The end of the container's log. */
export const logsOf = (resource: Deployed, options?: LogOptions): pulumi.Output<string> =>
  whenDeployed(resource, (id) => getLogs(id, options));

/** The model's answer to one input. Resolving all parts of an input would turn bytes into an object, so they go as they are. */
export const answerOf = (
  resource: Deployed,
  input: pulumi.Input<unknown>,
  options?: RunOptions,
): pulumi.Output<unknown> => {
  const score = (value: unknown) => whenDeployed(resource, (id) => runService(id, value, options));
  if (input instanceof Uint8Array) return score(input);
  const whole: pulumi.Output<unknown> = pulumi.Output.isInstance(input) ? input : pulumi.output(input);
  return whole.apply(score) as pulumi.Output<unknown>;
};
