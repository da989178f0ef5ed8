import { randomUUID } from "node:crypto";
import type { Deadline } from "../azure/deadline";
import type { Webservices } from "../azure/webservices";
import type { Content } from "../packaging/spool";
import type { ProviderContext } from "./context";

/** Where uploads of one resource go and are shown. */
export interface Uploading {
  readonly provider: ProviderContext;
  readonly services: Webservices;
  /** The resource's row; empty for none. */
  readonly urn: string;
  /** When reading, packing and sending give up. */
  readonly deadline: Deadline;
}

const LEAST_BETWEEN_MS = 1_000;
const MEGABYTE = 1024 * 1024;

const amount = (bytes: number): string =>
  bytes < MEGABYTE ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;

/** Shows how much of a file is sent, at most once a second. */
const progressOf = ({ provider, urn }: Uploading, path: string, size: number): ((sent: number) => void) => {
  let last = provider.clock.now();
  return (sent) => {
    const now = provider.clock.now();
    if (urn === "" || now - last < LEAST_BETWEEN_MS) return;
    last = now;
    const share = Math.floor((100 * sent) / Math.max(1, size));
    const text = `uploading ${path}: ${share}% of ${amount(size)}`;
    provider.log.write({ urn, severity: "info", text, passing: true });
  };
};

/** Uploads one file, with its progress on the resource's row. @returns the artifact's id and address */
export const uploaded = (to: Uploading, container: string, path: string, content: Content) => {
  const text = `uploading ${path} (${amount(content.size)})`;
  if (to.urn !== "") to.provider.log.write({ urn: to.urn, severity: "info", text, passing: true });
  return to.services.upload(container, path, { ...content, onSent: progressOf(to, path, content.size) });
};

/** The random end of a container's name: the service never lets a file be made twice. */
export const freshSuffix = (): string => randomUUID().slice(0, 8);
