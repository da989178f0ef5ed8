import type { Command, Commands } from "./program";

/* eslint-disable @typescript-eslint/no-require-imports -- a command's modules are loaded when it is asked for */
export const commands: Commands = {
  assess: {
    summary: "say what becomes of each service as a Kubernetes online endpoint",
    load: () => (require("./assess/command") as { assessCommand: Command }).assessCommand,
  },
  "check-script": {
    summary: "say what an entry script has to change in an endpoint's container",
    load: () => (require("./check-script/command") as { checkScriptCommand: Command }).checkScriptCommand,
  },
  compare: {
    summary: "send recorded inputs to an old and a new service, and compare what they answer",
    load: () => (require("./compare/command") as { compareCommand: Command }).compareCommand,
  },
  doctor: {
    summary: "check what a stack needs, and say the next step",
    load: () => (require("./doctor/command") as { doctorCommand: Command }).doctorCommand,
  },
  import: {
    summary: "write a Pulumi project that adopts the services of a workspace",
    load: () => (require("./import/command") as { importCommand: Command }).importCommand,
  },
  migrate: {
    summary: "write a Pulumi project that makes endpoints beside the services",
    load: () => (require("./migrate/command") as { migrateCommand: Command }).migrateCommand,
  },
  snapshot: {
    summary: "save all that a workspace holds of its services, without keys",
    load: () => (require("./snapshot/command") as { snapshotCommand: Command }).snapshotCommand,
  },
};
