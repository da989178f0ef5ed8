import type { CheckFailure, Provider } from "../host/provider";
import type { ResourceState } from "../state/resource";
import { nameOf } from "../state/urn";
import { goText } from "../values/go-text";
import { has } from "../values/property";
import type { PropertyMap } from "../values/property";
import type { Deployment } from "./deployment";

/**
 * Asks the provider for the inputs to use, given what the program says and the inputs of last time (none for a new
 * resource). False when it found something wrong, which has been reported then.
 */
export async function checkInputs(
  deployment: Deployment,
  provider: Pick<Provider, "check">,
  now: ResourceState,
  olds: PropertyMap,
  news: PropertyMap,
): Promise<boolean> {
  const { inputs, failures } = await provider.check(now.urn, olds, news, deployment.options.dryRun);
  for (const failure of failures) {
    deployment.report.diagnostic("error", now.urn, failureMessage(now, failure));
  }
  now.inputs = inputs;
  return failures.length === 0;
}

/** Shows the value of the property it names, as the engine does, secret or not: a check must not name secret ones. */
function failureMessage({ type, urn, inputs }: ResourceState, { property, reason }: CheckFailure): string {
  const what = `${type} resource '${nameOf(urn)}'`;
  if (property === "") return `${what} has a problem: ${reason}`;
  const value = has(inputs, property) ? inputs[property] : undefined;
  return `${what}: property ${property} value ${goText(value)} has a problem: ${reason}`;
}
