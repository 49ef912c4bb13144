import type { Send } from "../provider/engine/progress";
import { caller } from "./rpc";

/** What is said to the engine at an address. Most operations say nothing and load none of its messages. */
export function engineLog(address: string, patienceMs: number): Send {
  const call = caller(address, patienceMs);
  return async (severity, text, urn, ephemeral) => {
    const { LogRequest, LogSeverity } = await import("@pulumi/pulumi/proto/engine_pb.js");
    const request = new LogRequest().setSeverity(LogSeverity[severity]).setMessage(text);
    request.setUrn(urn).setEphemeral(ephemeral);
    await call("/pulumirpc.Engine/Log", request.serializeBinary());
  };
}
