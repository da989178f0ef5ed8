import type { ServiceDocument, Webservices } from "../azure/webservices";
import { say, type ProviderContext } from "./context";

/** What one process asks of its live workspaces, once for all resources; one run of the engine has one process or two. */
export interface LiveViews {
  readonly workspaces: Map<string, Promise<LiveWorkspace | undefined>>;
  /** Services, by their resource ids, that this process writes to: its list tells what was before. */
  readonly written: Set<string>;
  /** Warnings that one resource has shown for all. */
  readonly warned: Set<string>;
  /** How long the service's own validation may still take, in milliseconds. */
  validationMs: number;
}

export interface LiveWorkspace {
  readonly services: Webservices;
  readonly documents: ReadonlyMap<string, ServiceDocument>;
}

/** How long the service's own validation may take in one run, all resources together. */
export const VALIDATION_MS = 60_000;

export const openLiveViews = (): LiveViews => ({
  workspaces: new Map(),
  written: new Set(),
  warned: new Set(),
  validationMs: VALIDATION_MS,
});

/** On the row of the first resource that meets it, since all others would say the same. */
export const warnOnce = (provider: ProviderContext, urn: string, about: string, text: string): void => {
  const { warned } = provider.liveViews;
  if (warned.has(about)) return;
  warned.add(about);
  say(provider, urn, [{ severity: "warning", text }]);
};

/** An error as a part of a line. */
export const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");
