declare module "markdown-it" {
  /** As much of it as the tests call. */
  export default class MarkdownIt {
    constructor(options: { html: boolean });
    render(text: string): string;
  }
}
