/** What a browser without a session sees. No style: the content policy allows none inline. */
export const signInPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <title>Medley</title>
  </head>
  <body>
    <h1>This link has been used</h1>
    <p>Medley opens with a link that works once, in one browser, so that nobody else on this
    computer can look at your photos.</p>
    <p>In the terminal where Medley runs, press Enter for a new link, and open it here. If nothing
    happens, start Medley again.</p>
  </body>
</html>
`;
