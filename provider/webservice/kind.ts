import type { ServiceDocument } from "../azure/webservices";
import { isAksService, kindOf } from "../core/service-state";

/** @throws for a web service of the workspace's other kinds, which share the names with those on AKS */
export const refuseOtherKind = (name: string, document: ServiceDocument): void => {
  if (isAksService(document)) return;
  throw new Error(
    `NotAnAksService: "${name}" is a web service of type ${kindOf(document)}, and AksWebservice manages only type AKS. ` +
      "Nothing was changed. Choose another serviceName, or manage that service where it was made.",
  );
};
