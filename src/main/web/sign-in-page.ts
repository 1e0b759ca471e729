/** The style of the pages that need no session; the content policy allows none inline. */
export const signInStyle = {
  path: '/sign-in.css',
  css: `:root {
  color-scheme: light dark;
  --ground: light-dark(#fafaf9, #161717);
  --surface: light-dark(#ffffff, #1f2021);
  --sunken: light-dark(#f0f0ee, #111212);
  --line: light-dark(#e1e1de, #333537);
  --text: light-dark(#1b1c1d, #ececea);
  --soft: light-dark(#595b5d, #a9acaf);
  --accent: light-dark(#0f6b66, #63c8bd);
}
* { box-sizing: border-box; margin: 0; }
body {
  display: grid;
  min-height: 100vh;
  place-items: center;
  padding: 24px;
  background: var(--ground);
  color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
main {
  max-width: 440px;
  padding: 32px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--surface);
}
.name { color: var(--accent); font-size: 13px; font-weight: 600; }
h1 { margin: 4px 0 16px; font-size: 20px; line-height: 1.3; }
* + p, ol { margin-top: 12px; }
h1 + p { margin-top: 0; }
ol { padding-left: 20px; }
li + li { margin-top: 4px; }
.soft { color: var(--soft); font-size: 13px; }
kbd {
  padding: 1px 6px;
  border: 1px solid var(--line);
  border-bottom-width: 2px;
  border-radius: 5px;
  background: var(--sunken);
  font: inherit;
  font-size: 13px;
}
`,
} as const;

/** What a browser without a session sees. */
export const signInPage = page(`<main>
      <p class="name">Medley</p>
      <h1>This browser is not signed in</h1>
      <p>Medley opens by a link from its terminal, which works once, in one browser.</p>
      <ol>
        <li>Go to the terminal where Medley runs, and press <kbd>Enter</kbd> for a new link.</li>
        <li>Open that link here.</li>
      </ol>
      <p>If nothing happens there, start Medley again.</p>
      <p class="soft">This way nobody else on this computer can look at your photos.</p>
    </main>`);

/** What a browser sees for a moment when its link was accepted. */
export const arrivalPage = page('', '<meta http-equiv="refresh" content="0; url=/">');

function page(body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    ${head}
    <title>Medley</title>
    <link rel="stylesheet" href="${signInStyle.path}">
  </head>
  <body>
    ${body}
  </body>
</html>
`;
}
