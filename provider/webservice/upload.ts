import { randomUUID } from "node:crypto";
import type { Content } from "../packaging/scratch";
import type { OperationContext } from "./operation-context";
import type { ResourceId } from "./resource-id";

/** What uploads one resource's files, and shows them on its row. */
export interface UploadContext extends Pick<OperationContext, "provider" | "services" | "deadline"> {
  readonly resource: Pick<ResourceId, "urn">;
}

/** Uploads one file, with its progress on the resource's row. @returns the artifact's address */
export const upload = (context: UploadContext, container: string, path: string, content: Content) => {
  show(context, `uploading ${path} (${amount(content.size)})`);
  const onSent = showSent(context, path, content.size);
  return context.services.upload(container, path, { ...content, onSent });
};

const show = ({ provider, resource: { urn } }: UploadContext, text: string): void => {
  if (urn !== "") provider.log.write({ urn, severity: "info", text, passing: true });
};

const LEAST_BETWEEN_MS = 1_000;

/** Shows how much of a file is sent, at most once a second. */
const showSent = (context: UploadContext, path: string, size: number): ((sent: number) => void) => {
  const { clock } = context.provider;
  let last = clock.now();
  return (sent) => {
    const now = clock.now();
    if (now - last < LEAST_BETWEEN_MS) return;
    last = now;
    const share = Math.floor((100 * sent) / Math.max(1, size));
    show(context, `uploading ${path}: ${share}% of ${amount(size)}`);
  };
};

const MEGABYTE = 1024 * 1024;

const amount = (bytes: number): string =>
  bytes < MEGABYTE ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;

/** The random end of a container's name: the service never lets a file be made twice. */
export const freshSuffix = (): string => randomUUID().slice(0, 8);
