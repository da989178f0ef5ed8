import { status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status as RpcStatus } from "@pulumi/pulumi/proto/status_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap } from "../values/property";
import { fromStruct, toStruct } from "../values/wire";
import type { Receiving } from "../values/wire";
import { InitError, ProviderError, STATUS } from "./provider";
import type { Change, CheckAnswer, DiffAnswer, Made, Provider } from "./provider";
import type { ProviderProcess } from "./provider-process";
import { remarkSecrets, restoreAssets } from "./secret-marks";

const PLAIN = { unknowns: false } as const;
const receiving = (allowUnknowns: boolean): Receiving => ({ unknowns: allowUnknowns ? "keep" : "reject" });

/**
 * Speaks to the dynamic provider host. It understands neither secrets nor references, so that both travel plain, and
 * secrets are marked again in what comes back. It has no preview: the engine never calls create or update for one.
 */
export function dynamicProvider(process: ProviderProcess): Provider {
  const call = caller(process);
  return {
    configure: (inputs) => call("configure", configureRequest(inputs)).then(() => undefined),
    check: (urn, olds, news, allowUnknowns) => check(call, urn, olds, news, allowUnknowns),
    diff: (change, allowUnknowns) => diff(call, change, allowUnknowns),
    create: (urn, inputs) => create(call, urn, inputs),
    update: (change) => update(call, change),
    read: (urn, id, inputs, state) => read(call, urn, id, inputs, state),
    delete: (resource) => call("delete", deleteRequest(resource)).then(() => undefined),
    close: () => process.stop(),
  };
}

interface Answers {
  readonly configure: messages.ConfigureResponse;
  readonly check: messages.CheckResponse;
  readonly diff: messages.DiffResponse;
  readonly create: messages.CreateResponse;
  readonly update: messages.UpdateResponse;
  readonly read: messages.ReadResponse;
  readonly delete: unknown;
}
type Method = keyof Answers;
type Call = <M extends Method>(method: M, request: object) => Promise<Answers[M]>;

function caller(process: ProviderProcess): Call {
  return async (method, request) => {
    const client = (await process.client) as unknown as Record<
      Method,
      (request: object, done: (error: ServiceError | null, answer: unknown) => void) => void
    >;
    return new Promise((resolve, reject) => {
      client[method](request, (error, answer) => {
        if (error) reject(readError(error));
        else resolve(answer as Answers[typeof method]);
      });
    });
  };
}

function configureRequest(inputs: PropertyMap): object {
  const request = new messages.ConfigureRequest();
  request.setAcceptsecrets(true);
  request.setArgs(toStruct(inputs, { unknowns: true, secrets: true }));
  return request;
}

async function check(
  call: Call,
  urn: string,
  olds: PropertyMap,
  news: PropertyMap,
  allowUnknowns: boolean,
): Promise<CheckAnswer> {
  const sending = { unknowns: allowUnknowns };
  const request = new messages.CheckRequest();
  request.setUrn(urn);
  request.setOlds(toStruct(olds, sending));
  request.setNews(toStruct(news, sending));
  const answer = await call("check", request);
  const inputs = fromStruct(answer.getInputs(), receiving(allowUnknowns));
  const failures = answer
    .getFailuresList()
    .map((f) => ({ property: f.getProperty(), reason: f.getReason() }));
  return { inputs: remarkSecrets(inputs, news), failures };
}

async function diff(call: Call, change: Change, allowUnknowns: boolean): Promise<DiffAnswer> {
  const sending = { unknowns: allowUnknowns, elideAssets: true };
  const request = new messages.DiffRequest();
  request.setId(change.id);
  request.setUrn(change.urn);
  request.setOldInputs(toStruct(change.oldInputs, sending));
  request.setOlds(toStruct(change.oldOutputs, sending));
  request.setNews(toStruct(change.newInputs, sending));
  const answer = await call("diff", request);
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const changes = answer.getChanges();
  return {
    changes: changes === DIFF_SOME ? true : changes === DIFF_NONE ? false : undefined,
    replaceKeys: answer.getReplacesList(),
    deleteBeforeReplace: answer.getDeletebeforereplace(),
  };
}

async function create(call: Call, urn: string, inputs: PropertyMap): Promise<Made> {
  const request = new messages.CreateRequest();
  request.setUrn(urn);
  request.setProperties(toStruct(inputs, PLAIN));
  const { id, properties, failure } = await made(call("create", request));
  if (id === "")
    throw new ProviderError(`plugin returned empty resource.ID from create '${urn}'`, STATUS.unknown);
  const outputs = remarkSecrets(fromStruct(properties, receiving(false)), inputs);
  return { id, outputs, ...(failure ? { failure } : {}) };
}

async function update(call: Call, change: Change): Promise<Made> {
  const request = new messages.UpdateRequest();
  request.setId(change.id);
  request.setUrn(change.urn);
  request.setOlds(toStruct(change.oldOutputs, { elideAssets: true }));
  request.setOldInputs(toStruct(change.oldInputs, { elideAssets: true }));
  request.setNews(toStruct(change.newInputs, PLAIN));
  const { properties, failure } = await made(call("update", request));
  const outputs = remarkSecrets(fromStruct(properties, receiving(false)), change.newInputs);
  return { id: change.id, outputs, ...(failure ? { failure } : {}) };
}

async function read(
  call: Call,
  urn: string,
  id: string,
  inputs: PropertyMap,
  state: PropertyMap,
): Promise<Made> {
  const request = new messages.ReadRequest();
  request.setId(id);
  request.setUrn(urn);
  request.setInputs(toStruct(inputs, { elideAssets: true }));
  request.setProperties(toStruct(state, { elideAssets: true }));
  const answer = await made(call("read", request));
  const outputs = remarkSecrets(fromStruct(answer.properties, receiving(false)), state);
  const fresh = answer.inputs && remarkSecrets(fromStruct(answer.inputs, receiving(false)), inputs);
  return {
    id: answer.id,
    outputs: restoreAssets(outputs, inputs),
    ...(fresh ? { inputs: restoreAssets(fresh, inputs) } : {}),
    ...(answer.failure ? { failure: answer.failure } : {}),
  };
}

function deleteRequest(resource: Change): object {
  const request = new messages.DeleteRequest();
  request.setId(resource.id);
  request.setUrn(resource.urn);
  request.setProperties(toStruct(resource.oldOutputs, { elideAssets: true }));
  request.setOldInputs(toStruct(resource.oldInputs, { elideAssets: true }));
  return request;
}

/** An error whose details say that the resource exists: it carries what the state must keep. */
class HalfMade extends Error {
  constructor(readonly detail: messages.ErrorResourceInitFailed) {
    super("resource init failed");
  }
}

/** After these nobody knows what the provider did. */
const UNCERTAIN: ReadonlySet<number> = new Set([status.INTERNAL, status.DATA_LOSS, status.UNKNOWN]);

function readError(error: ServiceError): Error {
  const detail = initFailure(error);
  if (detail) return new HalfMade(detail);
  return new ProviderError(error.details, UNCERTAIN.has(error.code) ? STATUS.unknown : STATUS.ok);
}

function initFailure(error: ServiceError): messages.ErrorResourceInitFailed | undefined {
  const packed = error.metadata?.get("grpc-status-details-bin")[0];
  if (!(packed instanceof Uint8Array)) return undefined;
  const details = RpcStatus.deserializeBinary(packed).getDetailsList();
  const found = details.find((any) => any.getTypeUrl().endsWith("pulumirpc.ErrorResourceInitFailed"));
  return found && messages.ErrorResourceInitFailed.deserializeBinary(found.getValue_asU8());
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
async function made(answer: Promise<AnswerMessage>): Promise<MadeAnswer> {
  const read = (message: AnswerMessage): MadeAnswer => ({
    id: message.getId?.() ?? "",
    properties: message.getProperties(),
    inputs: message.getInputs?.(),
  });
  try {
    return read(await answer);
  } catch (error) {
    if (!(error instanceof HalfMade)) throw error;
    return { ...read(error.detail), failure: new InitError(error.detail.getReasonsList()) };
  }
}
