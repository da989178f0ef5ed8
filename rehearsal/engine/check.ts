import type { CheckFailure, Provider } from "../host/provider";
import type { ResourceState } from "../state/resource";
import { nameOf } from "../state/urn";
import { keepIgnored } from "../values/ignored";
import { has, isList, isMap, Secret, type Property, type PropertyMap } from "../values/property";
import type { Deployment } from "./deployment";

/** The new inputs with what `ignoreChanges` names as it was; says of which of it that is not possible. */
export function inputsWithIgnored(
  { report }: Deployment,
  { urn, ignoreChanges }: ResourceState,
  olds: PropertyMap,
  news: PropertyMap,
): PropertyMap {
  const { inputs, impossible } = keepIgnored(ignoreChanges, olds, news);
  if (impossible.length > 0) {
    const paths = JSON.stringify(impossible.join(", "));
    report.diagnostic(
      "info",
      urn,
      `cannot ignore changes in added or removed elements of the path: ${paths}`,
    );
  }
  return inputs;
}

/**
 * Asks the provider for the inputs to use, given what the program says and the inputs of last time (none for a new
 * resource). False when it found something wrong, which has been reported then.
 */
export async function checkInputs(
  deployment: Deployment,
  provider: Provider,
  now: ResourceState,
  olds: PropertyMap,
  news: PropertyMap,
): Promise<boolean> {
  const { inputs, failures } = await provider.check(now.urn, olds, news, deployment.options.dryRun);
  now.inputs = inputs;
  for (const failure of failures) {
    deployment.report.diagnostic("error", now.urn, failureMessage(now, failure));
  }
  return failures.length === 0;
}

/** Shows the value of the property it names, as the engine does, secret or not: a check must not name secret ones. */
function failureMessage({ type, urn, inputs }: ResourceState, { property, reason }: CheckFailure): string {
  const what = `${type} resource '${nameOf(urn)}'`;
  if (property === "") return `${what} has a problem: ${reason}`;
  const value = has(inputs, property) ? inputs[property] : undefined;
  return `${what}: property ${property} value ${goText(value)} has a problem: ${reason}`;
}

/** A value as the engine, which is written in Go, puts it into a sentence: `{2}`, `{<nil>}`, `{map[a:{1}]}`. */
const goText = (value: Property | undefined): string => `{${goInside(value)}}`;

function goInside(value: Property | undefined): string {
  if (value === undefined || value === null) return "<nil>";
  if (value instanceof Secret) return `&{${goText(value.element)}}`;
  if (isList(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isMap(value)) return typeof value === "object" ? JSON.stringify(value) : String(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((key) => `${key}:${goText(value[key])}`).join(" ")}]`;
}
