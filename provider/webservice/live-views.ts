import type { ServiceDocument, Webservices } from "../azure/webservices";

/** What one process asks of its live workspaces, once for all resources; one run of the engine has one process or two. */
export interface LiveViews {
  readonly workspaces: Map<string, Promise<LiveWorkspace | undefined>>;
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
  warned: new Set(),
  validationMs: VALIDATION_MS,
});
