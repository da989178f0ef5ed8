import { nameOption, type Given, type Option } from "./command-line";

/** Where Kubernetes online endpoints will be, as far as somebody says it. */
export interface NamedDestination {
  readonly location?: string | undefined;
  readonly compute?: string | undefined;
  readonly namespace?: string | undefined;
}

export const destinationOptions: readonly Option[] = [
  { name: "compute", value: "NAME", doc: "the Kubernetes compute that endpoints will run on" },
  { name: "namespace", value: "NAME", doc: "the namespace that this compute was attached with" },
  { name: "location", value: "REGION", doc: "the workspace's region, such as westeurope" },
];

/** @throws CannotRun BadArguments */
export const destinationOf = (given: Given): NamedDestination => ({
  location: nameOption(given, "location", { pattern: /^[A-Za-z0-9 ]{2,60}$/, says: "a region's name" }),
  compute: nameOption(given, "compute", {
    pattern: /^[A-Za-z][A-Za-z0-9-]{1,31}$/,
    says: "a compute's name (letters, digits and hyphens)",
  }),
  namespace: nameOption(given, "namespace", {
    pattern: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    says: "a namespace (lowercase letters, digits and hyphens)",
  }),
});
