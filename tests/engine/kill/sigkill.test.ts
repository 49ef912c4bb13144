import { stopEverywhere } from "./suite";
import { KILL_ALL, KILL_CLI } from "./ways";

stopEverywhere([KILL_ALL, KILL_CLI]);
