import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { repository } from "../harness/project-folder";
import type { Arm } from "./arm";

/**
 * Puts the stand-in of azure-native into a folder of the caller's.
 *
 * @returns the environment in which Pulumi finds it, and it the emulated Azure Resource Manager
 */
export function standInEnvironment(
  folder: string,
  { url }: Pick<Arm, "url">,
  path = process.env["PATH"] ?? "",
): Readonly<Record<string, string>> {
  const bin = join(folder, "azure-native");
  mkdirSync(bin, { recursive: true });
  const plugin = join(bin, "pulumi-resource-azure-native");
  writeFileSync(plugin, `#!/bin/sh\nexec node '${join(repository(), "test/arm/azure-native.js")}' "$@"\n`);
  chmodSync(plugin, 0o755);
  return {
    PATH: `${bin}${delimiter}${path}`,
    AZURE_NATIVE_STAND_IN_URL: url,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
