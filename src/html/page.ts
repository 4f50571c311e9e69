/** Markup that may stand in a page as it is. Made by {@link html} alone. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | false | undefined | readonly (Markup | string | undefined)[];

/** A template in which everything that is put in is escaped, unless it is markup itself. `false` and `undefined` put in nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, index) => text + rendered(parts[index - 1]) + string));
}

function rendered(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(rendered).join('');
  return String(part)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A whole page in one file: no script, and nothing from the network, which the page itself forbids. */
export function page({ title, style, body }: { title: string; style: string; body: Markup }): string {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>${new Markup(baseStyle + style)}</style>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
  return `${withoutIndentation(text)}\n`;
}

/** The indentation of the source is no part of the page; what is preformatted stays as it is. */
const withoutIndentation = (text: string): string =>
  text
    .split(/(<pre[\s\S]*?<\/pre>)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[ \t]*\n\s*/g, '\n')))
    .join('')
    .trim();

// Each colour of text has at least 4.5 : 1 on each background that it stands on, light and dark.
const baseStyle = `
:root {
  --text: #1b1f24; --soft: #57606a; --back: #ffffff; --panel: #f6f8fa; --line: #c9d1d9;
  --good: #116329; --bad: #a40e26; --odd: #7a4100; --good-wash: #dafbe1; --bad-wash: #ffebe9; --mark: #fff1a8; --link: #0550ae;
  --mono: ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --soft: #9da7b3; --back: #0d1117; --panel: #161b22; --line: #3d444d;
    --good: #56d364; --bad: #ff8f87; --odd: #f0b35a; --good-wash: #12331c; --bad-wash: #3c1618; --mark: #5a4a00; --link: #79c0ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 1.25rem 3rem; max-width: 76rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
a { color: var(--link); }
h2 { margin: 2rem 0 .5rem; font-size: 1.3rem; }
h3 { font-size: 1.05rem; overflow-wrap: anywhere; }
h4 { margin: .9rem 0 .25rem; font-size: .95rem; }
p, ol, ul { margin-block: .25rem .6rem; }
code, pre { font-family: var(--mono); font-size: .9em; overflow-wrap: anywhere; }
pre { margin: .25rem 0 .75rem; padding: .6rem .8rem; max-height: 32rem; overflow: auto; border: 1px solid var(--line); border-radius: .3rem; background: var(--back); white-space: pre-wrap; overflow-wrap: anywhere; }
mark { display: inline-block; width: 100%; background: var(--mark); color: inherit; font-weight: 700; }
mark::before { content: "> "; }
summary { cursor: pointer; padding-block: .2rem; font-weight: 600; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .3rem .6rem; background: var(--back); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { padding-block: .3rem; text-align: left; color: var(--soft); }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody th { font-weight: 400; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
@media print {
  :root { --text: #000; --soft: #444; --back: #fff; --panel: #fff; --line: #999; --good: #0b4a1e; --bad: #8a0b1f; --odd: #5c3100; --mark: #eee; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip { display: none; }
  details::details-content { content-visibility: visible; height: auto; }
  pre { max-height: none; }
  .card { break-inside: auto; }
  h2, h3, h4 { break-after: avoid; }
}
`;
