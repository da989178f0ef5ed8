import { status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status as RpcStatus } from "@pulumi/pulumi/proto/status_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { InitError, ProviderError, STATUS } from "./provider";
import type { Status } from "./provider";

/** An error whose details say that the resource exists: it carries what the state must keep. */
class HalfMade extends Error {
  constructor(readonly detail: ErrorResourceInitFailed) {
    super("resource init failed");
  }
}

/** After these nobody knows what the provider did. */
const UNCERTAIN: ReadonlySet<number> = new Set([status.INTERNAL, status.DATA_LOSS, status.UNKNOWN]);

export function readError(error: ServiceError): Error {
  const detail = initFailure(error);
  if (detail) return new HalfMade(detail);
  const certainty: Status = UNCERTAIN.has(error.code) ? STATUS.unknown : STATUS.ok;
  return new ProviderError(error.details, certainty);
}

function initFailure(error: ServiceError): ErrorResourceInitFailed | undefined {
  const packed = error.metadata?.get("grpc-status-details-bin")[0];
  if (!(packed instanceof Uint8Array)) return undefined;
  const details = RpcStatus.deserializeBinary(packed).getDetailsList();
  const found = details.find((any) => any.getTypeUrl().endsWith("pulumirpc.ErrorResourceInitFailed"));
  return found && ErrorResourceInitFailed.deserializeBinary(found.getValue_asU8());
}

interface MadeAnswer {
  readonly id: string;
  readonly properties: Struct | undefined;
  readonly inputs?: Struct | undefined;
  readonly failure?: InitError;
}

interface AnswerMessage {
  getId?(): string;
  getProperties(): Struct | undefined;
  getInputs?(): Struct | undefined;
}

/** The answer of a create, update or read, which may also come as an error that says how far it got. */
export async function made(answer: Promise<AnswerMessage>): Promise<MadeAnswer> {
  try {
    const message = await answer;
    return {
      id: message.getId?.() ?? "",
      properties: message.getProperties(),
      inputs: message.getInputs?.(),
    };
  } catch (error) {
    if (!(error instanceof HalfMade)) throw error;
    const { detail } = error;
    const failure = new InitError(detail.getReasonsList());
    return { id: detail.getId(), properties: detail.getProperties(), inputs: detail.getInputs(), failure };
  }
}
