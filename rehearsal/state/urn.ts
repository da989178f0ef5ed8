/** A resource's name in the whole stack: `urn:pulumi:STACK::PROJECT::[PARENT$]TYPE::NAME`. */
export type Urn = string;

const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_PREFIX = "pulumi:providers:";

/** Builds a URN; a parent's types stand before the own one, except the stack's. */
export function makeUrn(stack: string, project: string, type: string, name: string, parent: Urn): Urn {
  const parentType = parent === "" ? "" : qualifiedType(parent);
  const qualified = parentType === "" || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** The types of the parents and of the resource itself, joined by `$`. */
const qualifiedType = (urn: Urn): string => urn.split("::")[2] ?? "";
export const typeOf = (urn: Urn): string => qualifiedType(urn).split("$").pop() ?? "";
export const nameOf = (urn: Urn): string => urn.split("::").slice(3).join("::");

export const isStack = (urn: Urn): boolean => qualifiedType(urn) === STACK_TYPE;

/** Providers are resources too; here the engine makes all of them, and summaries do not count them. */
export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_PREFIX);
export const isProvider = (urn: Urn): boolean => isProviderType(typeOf(urn));
export const providerType = (packageName: string): string => `${PROVIDER_PREFIX}${packageName}`;

/** The package that a provider resource stands for. */
export const packageOfProvider = (urn: Urn): string => typeOf(urn).slice(PROVIDER_PREFIX.length);
/** The package of a resource's type, which is the part before the first colon. */
export const packageOf = (type: string): string => type.split(":")[0] ?? "";

/** `URN::ID` of a provider, as resources name it. */
export const providerReference = (urn: Urn, id: string): string => `${urn}::${id}`;

export function parseProviderReference(reference: string): { readonly urn: Urn; readonly id: string } {
  const at = reference.lastIndexOf("::");
  return { urn: reference.slice(0, at), id: reference.slice(at + 2) };
}
