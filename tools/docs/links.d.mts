/** Links within a built site that lead nowhere, each as "page: link". */
export function deadLinks(site: string): string[];
