import { localField, type Field } from "../field";

/** What steers the provider and is never sent. */
export const local: readonly Field[] = [
  localField("adopt", "flag", {
    role: "adopt",
    default: false,
    doc: "Take over a service of this name that already exists, changing only what differs.",
  }),
  localField("replaceOnPropertyChange", "flag", {
    role: "replaceOnPropertyChange",
    default: false,
    doc: "Make a new service when the value of an entry of `properties` changes, since the service cannot change it.",
  }),
  localField("timeouts", "durations", {
    role: "timeouts",
    doc: 'How long create, update and delete may take, such as `{ create: "90m" }`. Default: 60 minutes, delete 20. The resource option `customTimeouts` sets it too.',
  }),
];
