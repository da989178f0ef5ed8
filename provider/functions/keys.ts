import type { Keys } from "../azure/webservices";
import { describe } from "../core/check-failure";
import { CallError } from "./call-error";
import { findService } from "./find-service";
import type { Outside, Where } from "./outside";
import { settled } from "./settled";

export const getKeys =
  (outside: Outside) =>
  async (service: string, where?: Where): Promise<Keys> => {
    const { services, name } = await findService(outside, service, where);
    return services.listKeys(name);
  };

const KINDS = ["Primary", "Secondary"] as const;

/** As the class: whatever the letter case. */
const kindOf = (which: unknown): (typeof KINDS)[number] => {
  const kind = KINDS.find((known) => known.toLowerCase() === String(which).toLowerCase());
  if (kind) return kind;
  throw new CallError(
    "BadArgument",
    `the key must be "Primary" or "Secondary"; found ${describe(which)}. Name the one to regenerate.`,
  );
};

/** Sets one key, or has the service make one, and returns both once it is in place. */
export const regenerateKey =
  (outside: Outside) =>
  async (service: string, which: string, value: string | undefined, where?: Where): Promise<Keys> => {
    const kind = kindOf(which);
    if (value !== undefined && (typeof value !== "string" || value === ""))
      throw new CallError(
        "BadArgument",
        `the new key must be text that is not empty; found ${describe(value, true)}. Leave it out to have one generated.`,
      );
    const found = await findService(outside, service, where);
    const operation = await found.services.regenerateKey(found.name, kind, value);
    await settled(outside, found, `regenerate the ${kind.toLowerCase()} key of`, operation);
    return found.services.listKeys(found.name);
  };
