/** Numbers that look random and are the same for the same seed. */
const chance = (seed: number) => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    integer,
    maybe: (share = 0.5): boolean => next() < share,
    one: <T>(all: readonly T[]): T => all[integer(0, all.length - 1)]!,
  };
};

type Chance = ReturnType<typeof chance>;

/** Texts that break a program which writes them down carelessly. */
export const awkwardTexts: readonly string[] = [
  'say "hi"',
  "it's",
  `both " and '`,
  "two\nlines\r\nand\ttab",
  "emoji 🧪 👩‍🔬 and é",
  "${process.exit(1)} `backtick`",
  "*/ // <!-- </script>",
  "\\ \\u0041 \\n",
  "\u2028line\u2029end",
  "right\u202eto left",
  "",
  " ",
  "#{a}: - b",
  "%s %d $&",
  "0",
  "true",
];

const awkwardKeys: readonly string[] = [
  "team",
  "a/b~c",
  "toString",
  "constructor",
  "with space",
  'quo"te',
  "ключ",
  "0",
  "a.b",
  "${x}",
];

/** Words that are no identifiers, names that become the same one, and the longest name. */
const awkwardNames: readonly string[] = [
  "class",
  "default",
  "new",
  "await",
  "azureml",
  "process",
  "a-bc",
  "a--bc",
  "a-b-c",
  "abc",
  "a-bc2",
  "x0123456789-0123456789-012345678",
];

const map = (some: Chance, awkward: boolean): Record<string, string> =>
  Object.fromEntries(
    [...Array(some.integer(0, 4)).keys()].map((n) => [
      awkward ? some.one(awkwardKeys) : `key-${n}`,
      awkward ? some.one(awkwardTexts) : `value ${n}`,
    ]),
  );

const code = (some: Chance) => {
  const container = `${some.integer(10, 99)}-code`;
  return {
    environmentImageRequest: {
      driverProgram: "driver_1.py",
      modelIds: some.one([[], ["fraud:7"], ["fraud:7", "churn:2"]]),
      assets: [
        {
          id: "driver_1.py",
          url: `aml://artifact/LocalUpload/${container}/driver_1.py`,
          mimeType: "application/x-python",
        },
        {
          id: "src.tar.gz",
          url: `aml://artifact/LocalUpload/${container}/src.tar.gz`,
          mimeType: "application/octet-stream",
          unpack: true,
        },
      ],
      environment: {
        name: "scoring",
        version: "3",
        environmentVariables: { AZUREML_ENTRY_SCRIPT: "src/score.py", MODE: some.one(awkwardTexts) },
        docker: { baseImage: "mcr.microsoft.com/azureml/base:1" },
      },
    },
  };
};

const scaling = (some: Chance) => {
  if (some.maybe()) return { numReplicas: some.integer(1, 9), autoScaler: { autoscaleEnabled: false } };
  const least = some.integer(1, 5);
  return {
    autoScaler: {
      autoscaleEnabled: true,
      minReplicas: least,
      maxReplicas: least + some.integer(0, 9),
      refreshPeriodInSeconds: some.one([1, 10]),
      targetUtilization: some.integer(1, 100),
    },
  };
};

const resources = (some: Chance) => {
  const [cpu, memory] = [some.one([0.1, 0.25, 1, 1e-7, 3]), some.one([0.5, 1.5, 14])];
  return {
    containerResourceRequirements: {
      cpu,
      cpuLimit: some.one([null, cpu, cpu + 1]),
      memoryInGB: memory,
      memoryInGBLimit: some.one([null, memory * 2]),
      gpu: some.one([0, 0, 1]),
    },
  };
};

const probe = (some: Chance) =>
  some.maybe()
    ? {}
    : {
        livenessProbeRequirements: {
          periodSeconds: some.integer(1, 60),
          initialDelaySeconds: some.integer(1, 999),
          timeoutSeconds: some.integer(1, 9),
          successThreshold: 1,
          failureThreshold: some.integer(1, 9),
        },
      };

/** A service that works, of one of the shapes that users have. The computes and names are awkward, too. */
const service = (some: Chance, name: string): Record<string, unknown> => ({
  name,
  computeType: "AKS",
  computeName: some.one(["aks-prod", "AKS-Prod", "con", "Größe 1".replace(" ", "-"), "aks.dev"]),
  ...some.one([
    () => code(some),
    () => ({ environmentImageRequest: { modelIds: ["sk:1"] } }),
    () => ({ imageId: "fraud-image:3" }),
  ])(),
  ...scaling(some),
  ...some.one([
    {},
    { authEnabled: true },
    { authEnabled: false, aadAuthEnabled: true },
    { authEnabled: false },
  ]),
  ...resources(some),
  ...probe(some),
  kvTags: map(some, some.maybe()),
  properties: map(some, some.maybe()),
  ...(some.maybe() ? { description: some.one(awkwardTexts) } : {}),
  ...(some.maybe() ? { namespace: "ml-prod" } : {}),
  appInsightsEnabled: some.maybe(),
  dataCollection: { storageEnabled: some.maybe(), eventHubEnabled: false },
  scoringTimeoutMs: some.one([60000, 1, 5000]),
  maxConcurrentRequestsPerContainer: some.one([1, 4]),
  maxQueueWaitMs: some.one([500, 1000]),
  createdTime: "2024-05-06T07:08:09.000000Z",
});

/** Services as a workspace shows them: every shape, none broken. The same seed makes the same ones. */
export const workingServices = (count: number, seed: number): Record<string, unknown>[] => {
  const some = chance(seed);
  return [...Array(count).keys()].map((n) => service(some, awkwardNames[n] ?? `service-${n}`));
};

/** What no program can take over. */
export const unfitServices: readonly Record<string, unknown>[] = [
  { name: "broken", computeType: "AKS", computeName: "aks-prod", state: "Failed" },
  { name: "sick", computeType: "AKS", computeName: "aks-prod", state: "Unhealthy" },
  { name: "gone", computeType: "AKS", computeName: "aks-prod", state: "Migrated" },
  { name: "container", computeType: "ACI" },
];
