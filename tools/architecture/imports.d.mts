/** What the sources of the package import, folder by folder; see imports.mjs. */
export interface Measured {
  layers: { name: string; packages: string[] }[];
  folders: string[];
  arrows: { from: string; to: string }[];
}

export function measure(root: string): Measured;
