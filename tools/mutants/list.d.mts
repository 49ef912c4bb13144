interface Edit {
  file: string;
  from: string;
  to: string;
}

export const MUTANTS: readonly (Edit & { defect: string; also?: Edit; test: string; named?: string })[];
