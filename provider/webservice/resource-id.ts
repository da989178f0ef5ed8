import { inputOf } from "../schema/fields";
import { parseWorkspaceId, type Workspace } from "../core/address";
import { URN } from "../core/check";
import { ownerTokenIn } from "../core/ownership";
import { previousInputs } from "../core/previous-inputs";
import type { Values } from "./context";

/** Which service of which workspace. */
export interface ResourceId {
  readonly workspaceId: string;
  readonly workspace: Workspace;
  readonly name: string;
  /** The resource's id: `<workspace ARM id>/services/<name>`. */
  readonly id: string;
  readonly urn: string;
  /** By which the resource knows its own service; none in a state that is only read. */
  readonly ownerToken?: string | undefined;
}

const SERVICE = /^(.+)\/services\/([^/]+)$/i;

const make = (workspaceId: string, name: string, urn: string): ResourceId => {
  const workspace = parseWorkspaceId(workspaceId);
  if (!workspace)
    throw new Error(
      `BadId: expected a service's id "<workspace ARM id>/services/<name>", found ${JSON.stringify(`${workspaceId}/services/${name}`)}. ` +
        "Take the id from the resource, or give the service's name alone with azureml:workspaceId configured.",
    );
  return { workspaceId, workspace, name, id: `${workspaceId}/services/${name}`, urn };
};

/** The resource's URN, by its inputs or outputs; empty for one that is only read. */
export const urnOf = (values: Values): string => String(values[URN] ?? previousInputs(values)?.[URN] ?? "");

/** From checked inputs. */
export const resourceFromInputs = (inputs: Values): ResourceId =>
  make(String(inputs[inputOf("workspaceId")]), String(inputs[inputOf("serviceName")]), urnOf(inputs));

/** From the id in the state; `undefined` when it is a service's name alone. */
export const resourceFromId = (id: string, outputs: Values): ResourceId | undefined => {
  const [, workspaceId, name] = SERVICE.exec(id) ?? [];
  if (!workspaceId || !name) return undefined;
  return { ...make(workspaceId, name, urnOf(outputs)), ownerToken: ownerTokenIn(outputs) };
};

/** A service of the configured workspace by its name alone. */
export const resourceFromName = (name: string, workspaceId: string): ResourceId =>
  make(workspaceId, name, "");
