import { main } from "../test/matrix/matrix";
import { runProgram } from "./program";

runProgram("matrix", main);
