import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

// Writes what each public entry point of the package declares to etc/; with --check it fails where that is not committed.

const root = join(__dirname, "..", "..");
const isCheck = process.argv.includes("--check");
const quiet = { default: { logLevel: ExtractorLogLevel.None } };

const isCurrent = (entry: string, report: string): boolean => {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, "dist", entry, "index.d.ts"),
      newlineKind: "lf" as const,
      compiler: { tsconfigFilePath: join(root, "tsconfig.build.json"), skipLibCheck: true },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: join(root, "etc"),
        reportTempFolder: join(root, "dist", "api"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: quiet,
        tsdocMessageReporting: quiet,
        extractorMessageReporting: {
          ...quiet,
          // A type that a public one needs and that nobody can name.
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.None, addToApiReportFile: true },
        },
      },
    },
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: !isCheck,
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  if (apiReportChanged)
    console.log(`etc/${report} ${isCheck ? "is not what the package declares" : "was written"}`);
  return !apiReportChanged;
};

const current = [
  isCurrent("sdk", "sdk.api.md"),
  isCurrent("emulator", "emulator.api.md"),
  isCurrent("kubernetes/online-service", "kubernetes.api.md"),
];
if (isCheck && current.includes(false)) {
  console.log("Run `npm run api`, look at the difference, and commit it.");
  process.exitCode = 1;
}
