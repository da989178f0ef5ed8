import type { ResourceState } from "../state/resource";
import type { PropertyMap } from "../values/property";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckAnswer {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

export interface DiffAnswer {
  /** Undefined when the provider leaves the comparison to the engine. */
  readonly changes: boolean | undefined;
  readonly replaceKeys: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** How much is known after a failed call: as Pulumi's engine numbers it in its events. */
export const STATUS = { ok: 0, partialFailure: 1, unknown: 2 } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** What a create, update or read gave: with `failure`, the resource exists but is not in order. */
export interface Made {
  readonly id: string;
  readonly outputs: PropertyMap;
  /** A read may also give fresh inputs. */
  readonly inputs?: PropertyMap;
  readonly failure?: InitError;
}

/** A call failed, and nothing came of it as far as is known. */
export class ProviderError extends Error {
  constructor(
    message: string,
    readonly status: Status,
  ) {
    super(message);
  }
}

/** The resource was made or changed, but did not come up. */
export class InitError extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(InitError.text(reasons));
  }

  private static text(reasons: readonly string[]): string {
    if (reasons.length === 0) return "resource init failed";
    const title = reasons.length === 1 ? "1 error occurred:" : `${reasons.length} errors occurred:`;
    return `${title}\n${reasons.map((reason) => `\t* ${reason}\n`).join("")}\n`;
  }
}

/** What the engine asks of whoever manages resources of a package. Calls that fail throw a `ProviderError`. */
export interface Provider {
  configure(inputs: PropertyMap): Promise<void>;
  check(urn: string, olds: PropertyMap, news: PropertyMap, allowUnknowns: boolean): Promise<CheckAnswer>;
  diff(change: Change, allowUnknowns: boolean): Promise<DiffAnswer>;
  create(urn: string, inputs: PropertyMap): Promise<Made>;
  update(change: Change): Promise<Made>;
  read(urn: string, id: string, inputs: PropertyMap, state: PropertyMap): Promise<Made>;
  delete(resource: Change): Promise<void>;
  close(): Promise<void>;
}

/** A resource as it was, and the inputs it is to have. */
export interface Change {
  readonly urn: string;
  readonly id: string;
  readonly oldInputs: PropertyMap;
  readonly oldOutputs: PropertyMap;
  readonly newInputs: PropertyMap;
}

/** What turns an old resource into one with these inputs. */
export const changeTo = (
  { urn, inputs }: Pick<ResourceState, "urn" | "inputs">,
  old: ResourceState,
): Change => ({
  ...{ urn, id: old.id },
  ...{ oldInputs: old.inputs, oldOutputs: old.outputs ?? {}, newInputs: inputs },
});

/** How a call ended that threw: what is known after it. */
export const failedWith = (error: unknown): { readonly status: Status; readonly error: Error } => ({
  status: error instanceof ProviderError ? error.status : STATUS.ok,
  error: error instanceof Error ? error : new Error(String(error)),
});
