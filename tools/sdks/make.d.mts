interface Options {
  log?: (line: string) => void;
}

export function makeSdks(folder: string, options?: Options): Promise<void>;
export function compileSdks(folder: string, scratch: string): Iterable<string>;
