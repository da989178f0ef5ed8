import { ServiceError } from "../azure/errors";
import type { OperationRef } from "../azure/webservices";
import { timeoutMs } from "../core/timeouts";
import type { FoundService } from "./find-service";
import type { Outside } from "./outside";

/** Waits for an operation that a call began. @throws OperationFailed where it ends in another way than Succeeded */
export const settled = async (
  outside: Outside,
  { services, name }: FoundService,
  verb: string,
  operation: OperationRef | undefined,
): Promise<void> => {
  if (!operation) return;
  const ended = await services.wait(operation, {
    deadline: outside.clock.now() + timeoutMs("update", {}),
  });
  if (ended.state === "Succeeded") return;
  throw new ServiceError({
    action: `${verb} service "${name}"`,
    code: "OperationFailed",
    operationId: ended.operationId,
    detail: `Expected the operation to end Succeeded, found ${ended.state}. ${ended.error ?? ""}`.trim(),
  });
};
