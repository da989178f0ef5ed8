import { createRequire } from "node:module";

// Loaded first into the processes of a rehearsal (see late-modules-flag.ts). The SDK loads these two when it starts, which
// is most of its start, and uses them only to write functions as text or to compile TypeScript.
const LATE: ReadonlySet<string> = new Set(["typescript", "@npmcli/arborist"]);

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;
const loader = createRequire(__filename)("node:module") as { _load: Load; _resolveFilename: Load };
const load = loader._load;

/** Stands for a module until something of it is asked for. */
function standIn(loadIt: () => object): object {
  let loaded: object | undefined;
  const real = (): object => (loaded ??= loadIt());
  return new Proxy(
    {},
    {
      // Importers in compiled code copy a module that does not say that it is one.
      get: (_, key) => (key === "__esModule" ? true : (Reflect.get(real(), key) as unknown)),
      has: (_, key) => Reflect.has(real(), key),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_, key) => {
        const found = Reflect.getOwnPropertyDescriptor(real(), key);
        return found && { ...found, configurable: true };
      },
    },
  );
}

loader._load = (request, parent, isMain) => {
  if (!LATE.has(request)) return load(request, parent, isMain);
  // A module that is not there must fail here: where a project has no TypeScript, the SDK then takes the one that it brings along.
  loader._resolveFilename(request, parent, isMain);
  return standIn(() => load(request, parent, isMain) as object);
};
