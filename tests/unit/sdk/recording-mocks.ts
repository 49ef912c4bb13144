import type * as pulumi from "@pulumi/pulumi";

export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Of an existing resource that is read. */
  id?: string | undefined;
}

export interface Called {
  token: string;
  inputs: Record<string, unknown>;
}

/** Mocks as a user's own unit tests set them: they note what the program asked for, and answer with made-up values. */
export class RecordingMocks implements pulumi.runtime.Mocks {
  readonly registered: Registered[] = [];
  readonly called: Called[] = [];
  /** Answers of look-ups by token. */
  answers: Record<string, pulumi.runtime.MockCallResult> = {};
  /** Whether resources are made: in preview they are not, and have no id yet. */
  makes = true;

  newResource({
    type,
    name,
    inputs,
    id,
  }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
    this.registered.push({ type, name, inputs, id: id === undefined || id === "" ? undefined : id });
    if (!this.makes) return { id: undefined, state: inputs };
    const made = { snapshotId: "9001", name: "made", status: "Active", sizeGb: 50, monthlyCost: 200 };
    return { id: id || `${inputs.cloudId}/9001`, state: { ...made, ...inputs } };
  }

  call({ token, inputs }: pulumi.runtime.MockCallArgs): pulumi.runtime.MockCallResult {
    this.called.push({ token, inputs });
    const answer = this.answers[token];
    if (answer === undefined) throw new Error(`no answer for ${token}`);
    return answer;
  }

  clear(): void {
    this.registered.length = 0;
    this.called.length = 0;
    this.answers = {};
    this.makes = true;
  }
}

/** The value of an output, as tests of Pulumi programs get at it. */
export function valueFrom<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((done) => output.apply(done));
}
