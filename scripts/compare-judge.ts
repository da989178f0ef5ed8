import { main } from "../test/compare-judge/compare-judge";
import { runProgram } from "./program";

runProgram("compare-judge", main);
