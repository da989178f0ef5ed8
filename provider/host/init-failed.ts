import { createRequire } from "node:module";
import type * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import type * as statusProto from "@pulumi/pulumi/proto/status_pb";
import type * as anyProto from "google-protobuf/google/protobuf/any_pb";
import type * as structProto from "google-protobuf/google/protobuf/struct_pb";

/**
 * What the dynamic host understands as "made, but not ready": the engine keeps the resource with
 * these properties, shows the reasons, and calls update at the next `pulumi up`.
 *
 * Without `reasons` the engine forgets the failure, and without `__provider` among the properties
 * it can never delete the resource again.
 */
export class ResourceInitFailed extends Error {
  constructor(
    readonly id: string,
    readonly properties: Readonly<Record<string, unknown>>,
    readonly reasons: readonly string[],
  ) {
    // Sent beside the reasons, in the same 64 kB, and shown nowhere.
    super(reasons[0]?.split("\n")[0]?.slice(0, 200));
    this.name = "ResourceInitFailed";
    this.stack = "";
  }
}

/** A failure goes in the trailers of the host's answer. More than 64 kB never arrive, and the engine waits for ever. */
export const MOST_SENT = 60_000;

/** How much of that a failed resource takes, as the host packs it. */
export const sizeAsSent = ({ id, properties, reasons, message }: ResourceInitFailed): number => {
  const { provider, status, any, struct } = protocol();
  const failed = new provider.ErrorResourceInitFailed();
  failed.setId(id);
  failed.setProperties(
    struct.Struct.fromJavaScript(properties as Record<string, structProto.JavaScriptValue>),
  );
  failed.setReasonsList([...reasons]);
  const packed = new any.Any();
  packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new status.Status();
  answer.setMessage(message);
  answer.addDetails(packed);
  return inBase64(answer.serializeBinary().length) + encodeURI(message).length;
};

const inBase64 = (bytes: number): number => Math.ceil(bytes / 3) * 4;

/** Loaded when something has failed, and from Pulumi's own copies: what the host itself packs with. */
const protocol = () => {
  const ours = createRequire(__filename);
  const pulumis = createRequire(ours.resolve("@pulumi/pulumi/package.json"));
  return {
    provider: ours("@pulumi/pulumi/proto/provider_pb") as typeof providerProto,
    status: ours("@pulumi/pulumi/proto/status_pb") as typeof statusProto,
    any: pulumis("google-protobuf/google/protobuf/any_pb.js") as typeof anyProto,
    struct: pulumis("google-protobuf/google/protobuf/struct_pb.js") as typeof structProto,
  };
};

/** The host sends a message percent-encoded, which makes three characters of a byte. */
const MOST_BYTES = 16_000;
const OF_THE_END = 6_000;

/** A message short enough to be sent; of a longer one the middle goes, since its end says what to do. */
export const fitting = (message: string): string => {
  const bytes = Buffer.from(message);
  if (bytes.length <= MOST_BYTES) return message;
  // A character that was cut in two goes as a whole.
  const start = bytes
    .subarray(0, MOST_BYTES - OF_THE_END)
    .toString()
    .replace(/\ufffd+$/, "");
  const end = bytes
    .subarray(-OF_THE_END)
    .toString()
    .replace(/^\ufffd+/, "");
  return `${start}…\n…${end}`;
};
