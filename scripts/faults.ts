import { main } from "../test/faults/matrix";
import { endWithReader } from "./closed-pipe";

endWithReader();
void main(process.argv.slice(2), (text) => process.stdout.write(`${text}\n`)).then(
  (code) => (process.exitCode = code),
);
