import { stopEverywhere } from "./suite";
import { FIRST_CTRL_C, SECOND_CTRL_C } from "./ways";

stopEverywhere([FIRST_CTRL_C, SECOND_CTRL_C]);
