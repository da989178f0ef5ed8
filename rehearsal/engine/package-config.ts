import type { StackConfig } from "../config/stack-config";
import { Secret } from "../values/property";
import type { PropertyMap } from "../values/property";

export const DYNAMIC_PACKAGE = "pulumi-nodejs";

/**
 * The part of the stack's configuration that a default provider is made with. Dynamic providers get all of it, with full
 * keys, since nobody knows which of it they need.
 */
export function packageConfig(config: StackConfig, packageName: string): PropertyMap {
  const dynamic = packageName === DYNAMIC_PACKAGE;
  const own = Object.entries(config).filter(([key]) => dynamic || key.startsWith(`${packageName}:`));
  const entries = own.map(([key, { value, secret }]) => {
    const name = dynamic ? key : key.slice(packageName.length + 1);
    return [name, secret ? new Secret(value) : value] as const;
  });
  return Object.fromEntries(entries);
}
