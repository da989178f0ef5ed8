import { main } from "../test/judge/judge";
import { runProgram } from "./program";

runProgram("judge", main);
