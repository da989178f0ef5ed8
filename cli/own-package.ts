import { readFileSync } from "node:fs";
import { dirname } from "node:path";

const file = (): string => require.resolve("pulumi-azureml/package.json");

/** Where this package is installed. */
export const packageFolder = (): string => dirname(file());

/** What this package is, and what it works with. */
export const ownPackage = () =>
  JSON.parse(readFileSync(file(), "utf8")) as {
    readonly version: string;
    readonly engines: { readonly node: string };
    readonly peerDependencies: Readonly<Record<"@pulumi/pulumi" | "@pulumi/azure-native", string>>;
  };
