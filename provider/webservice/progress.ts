import type { ServiceDocument, Webservices } from "../azure/webservices";
import { progressOf } from "../core/service-state";
import type { ResourceId } from "./resource-id";
import type { ProviderContext } from "./context";

const LEAST_BETWEEN_MS = 1_000;
const REPLICAS_EVERY_MS = 5_000;
/** Where nothing changes, a line only says that the wait goes on: CI logs keep each of them. */
const UNCHANGED_EVERY_MS = 30_000;

/** Passing lines on the resource's own row. */
export interface Progress {
  /** Shows where an operation stands, beside the replicas where they are known. */
  operation(
    state: string,
    details: { readonly newestLogLine?: string | undefined; readonly hasEnded: boolean },
  ): void;
  /** Shows where the service stands. */
  service(document: ServiceDocument): void;
  /** Shows how it ended: the engine leaves the last line beside a finished resource. */
  ended(state: string): void;
}

/** Progress since now, at most one line a second, and fewer without news; silent for a resource without a row. */
export const openProgress = (
  provider: ProviderContext,
  resource: ResourceId,
  services: Webservices,
): Progress => {
  const start = provider.clock.now();
  const replicas = watchReplicas(provider, resource, services, start);
  let last = { at: -Infinity, text: "" };
  const write = (text: string): void => {
    const now = provider.clock.now();
    last = { at: now, text };
    const line = `${text} (${elapsed(now - start)})`;
    provider.log.write({ urn: resource.urn, severity: "info", text: line, passing: true });
  };
  const show = (text: string): void => {
    const least = text === last.text ? UNCHANGED_EVERY_MS : LEAST_BETWEEN_MS;
    if (resource.urn !== "" && provider.clock.now() - last.at >= least) write(text);
  };
  return {
    operation: (state, { newestLogLine, hasEnded }) =>
      show([replicas(hasEnded) ?? state, newestLogLine].filter(Boolean).join(": ")),
    service: (document) => show(progressOf(document)),
    ended: (state) => {
      if (resource.urn !== "" && last.text !== "") write(state);
    },
  };
};

/** Reads the service beside the polls of its operation, without keeping them waiting. */
const watchReplicas = (
  provider: ProviderContext,
  resource: ResourceId,
  services: Webservices,
  start: number,
) => {
  let known: string | undefined;
  let nextRead = start + LEAST_BETWEEN_MS;
  const readReplicas = async (): Promise<void> => {
    const document = await services.within(provider.clock.now() + REPLICAS_EVERY_MS).get(resource.name);
    known = document && progressOf(document);
  };
  return (hasEnded: boolean): string | undefined => {
    const now = provider.clock.now();
    // What has ended is read by whoever waited for it.
    if (hasEnded || resource.urn === "" || now < nextRead) return known;
    nextRead = now + REPLICAS_EVERY_MS;
    // Only a display: an operation never fails because its progress could not be read.
    readReplicas().catch(() => undefined);
    return known;
  };
};

/** "42s", "3m 05s" */
export const elapsed = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`;
};
