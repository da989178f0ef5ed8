import type { Clock } from "../azure/clock";
import type { ClientSettings, WorkspaceAddress } from "../azure/connect";
import type { Webservices } from "../azure/webservices";

/** Everything that the functions meet outside their own process. */
export interface Outside {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connect: (address: WorkspaceAddress, settings: ClientSettings) => Promise<Webservices>;
}

/** Which workspace, and who asks. What is left out comes from the environment. */
export interface Where {
  /** ARM id of the workspace. */
  readonly workspaceId?: string | undefined;
  /** Configuration by full key, such as `azureml:workspaceId`. */
  readonly config?: Readonly<Record<string, string>> | undefined;
}
