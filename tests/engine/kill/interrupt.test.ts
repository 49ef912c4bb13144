import { stopEverywhere } from "./suite";
import { FIRST_CTRL_C, SECOND_CTRL_C } from "./ways";

stopEverywhere([SECOND_CTRL_C, FIRST_CTRL_C]);
