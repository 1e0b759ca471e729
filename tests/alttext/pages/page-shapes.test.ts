import { describe, expect, test } from 'vitest';
import { describeContext } from '#main/alttext/pages/describe-context.ts';
import { looksByName, nameOf } from '#main/alttext/pages/looks.ts';
import { readPage } from '#main/alttext/pages/read-page.ts';
import { lintTexts } from '#main/alttext/rules/lint-text.ts';

/** What is thought of each picture of a page: what it shows, says and is, and which rules it breaks. */
function judged(page: string, name = 'page.html') {
  const places = readPage(page, name).map((picture) => ({
    ...picture,
    purpose: 'alt' as const,
    fileName: picture.src === null ? null : nameOf(picture.src),
    looks: looksByName(picture.src),
  }));
  const findings = lintTexts(places);
  return places.map((place, i) => [
    place.src,
    place.text,
    describeContext(place),
    (findings[i] ?? []).map(({ rule, severity }) => `${rule} ${severity}`).join(', '),
  ]);
}

describe('ten shapes of pages', () => {
  test('a blog post: each picture is judged by where it stands', () => {
    const post = `<!doctype html><html lang="en"><article>
      <img src="/hero-1200x600.jpg" alt="A ferry leaves the harbour of Split at dusk">
      <p>We met <img src="anna.jpg" alt="Image of Anna waving from the ferry"> on board.</p>
      <p><img src="DSC_0042.JPG" alt="DSC_0042"></p>
      <img src="rule.png" alt="">
      <a href="/about"><img src="me.jpg" alt="About the author"></a>
    </article></html>`;
    expect(judged(post)).toEqual([
      // Says what is to be seen.
      ['/hero-1200x600.jpg', 'A ferry leaves the harbour of Split at dusk', null, ''],
      // That it is an image is said anyway.
      ['anna.jpg', 'Image of Anna waving from the ferry', null, 'alt.prefix warning'],
      // What the camera called it.
      ['DSC_0042.JPG', 'DSC_0042', null, 'alt.filename error'],
      // Decorative, and said to be: a person's decision.
      ['rule.png', '', null, ''],
      // Names where the link leads: not what the picture shows, and right so.
      ['me.jpg', 'About the author', 'link, with nothing else in it', ''],
    ]);
  });

  test('a product grid: pictures in links that name the product already', () => {
    const grid = `<ul>
      <li><a href="/p/1"><img src="mug-300x300.jpg" alt="Blue mug"><h3>Blue mug</h3></a> 12 €</li>
      <li><a href="/p/2"><img src="jug-300x300.jpg" alt=""><h3>Green jug</h3></a> 20 €</li>
      <li><a href="/p/3"><img src="cup-300x300.jpg" alt="A white cup with a chipped rim"></a>
          <a href="/p/3">White cup</a></li>
      <li><a href="/p/4"><img src="pot-300x300.jpg" alt="Red tea pot"></a><a href="/p/4">Red tea pot</a></li>
      <li><a href="/p/5"><img src="bowl-300x300.jpg"></a></li>
    </ul>`;
    expect(judged(grid)).toEqual([
      // Heard twice: an empty text lets the link say it once.
      [
        'mug-300x300.jpg',
        'Blue mug',
        'link',
        'alt.tooShort advice, alt.redundantInContext warning',
      ],
      // As it should be.
      ['jug-300x300.jpg', '', 'link', ''],
      // Says more than the link beside it.
      ['cup-300x300.jpg', 'A white cup with a chipped rim', 'link, with nothing else in it', ''],
      // Two links to the same place that say the same.
      [
        'pot-300x300.jpg',
        'Red tea pot',
        'link, with nothing else in it',
        'alt.redundantInContext warning',
      ],
      // A link without a name.
      ['bowl-300x300.jpg', null, 'link, with nothing else in it', 'alt.missing error'],
    ]);
  });

  test('a gallery of figures: text and caption must not say the same', () => {
    const gallery = `<figure><img src="1.jpg" alt="The old mill in winter, 1931"><figcaption>The old mill in winter, 1931</figcaption></figure>
      <figure><img src="2.jpg" alt="A water wheel hung with icicles beside a stone wall"><figcaption>The old mill, <em>1931</em></figcaption></figure>
      <figure><img src="3.jpg" alt=""><figcaption>The miller's family</figcaption></figure>
      <figure><a href="4-large.jpg"><img src="4.jpg" alt="Enlarge: the mill race"></a><figcaption>The mill race</figcaption></figure>
      <figure><img src="5.jpg" alt="A water wheel hung with icicles beside a stone wall"></figure>`;
    expect(judged(gallery)).toEqual([
      [
        '1.jpg',
        'The old mill in winter, 1931',
        'figure with a caption',
        'alt.duplicatesCaption warning',
      ],
      // The same text as the fifth, whose picture is another.
      [
        '2.jpg',
        'A water wheel hung with icicles beside a stone wall',
        'figure with a caption',
        'alt.duplicateAcrossPictures warning',
      ],
      // A picture with a caption says something, most of the time.
      ['3.jpg', '', 'figure with a caption', 'alt.decorative advice'],
      // Names what the link does.
      ['4.jpg', 'Enlarge: the mill race', 'link, with nothing else in it', ''],
      [
        '5.jpg',
        'A water wheel hung with icicles beside a stone wall',
        'figure',
        'alt.duplicateAcrossPictures warning',
      ],
    ]);
  });

  test('icon links: the text names where the link leads', () => {
    const icons = `<nav>
      <a href="/"><img src="logo.svg" alt="Home"></a>
      <a href="/feed"><img src="rss.svg" alt=""></a>
      <a href="/m"><svg viewBox="0 0 1 1"><path d="M0 0"/></svg></a>
      <a href="/x" aria-label="Mastodon"><svg><path d="M0 0"/></svg></a>
      <a href="/y"><svg aria-hidden="true"><path d="M0 0"/></svg> Photos</a>
      <button><img src="search.svg" alt="search.svg"></button>
      <button title="Close"><img src="x.svg" alt=""></button>
      <input type="image" src="go.png" alt="Go">
      <input type="image" src="go.png">
    </nav>`;
    expect(judged(icons)).toEqual([
      // One word is enough for a link.
      ['logo.svg', 'Home', 'link, with nothing else in it', ''],
      // Nothing says where these lead.
      ['rss.svg', '', 'link, with nothing else in it', 'alt.missing error'],
      [null, null, 'link, with nothing else in it', 'alt.missing error'],
      // The fourth has a name of its own, the fifth a text: their drawings are left alone.
      ['search.svg', 'search.svg', 'button, with nothing else in it', 'alt.filename error'],
      // The tooltip of the button names it.
      ['x.svg', '', 'button', ''],
      ['go.png', 'Go', 'button', ''],
      ['go.png', null, 'button', 'alt.missing error'],
    ]);
  });

  test('what a content management system writes: srcset, sizes, its own entities', () => {
    const post = `<p><img class="size-large wp-image-7" src="barn-1024x683.jpg"
        srcset="barn-300x200.jpg 300w, barn-1024x683.jpg 1024w" sizes="(max-width: 1024px) 100vw"
        alt="Mum &amp;amp; Dad beside a red barn" title="barn"></p>
      <picture><source type="image/avif" srcset="lake.avif 1x, lake@2x.avif 2x"><img src="lake.jpg" alt="lake"></picture>
      <picture><source srcset="only-800x600.webp 800w"><img alt="Two swans on a grey lake"></picture>
      <img src="barn-300x200.jpg" alt="A red barn with a broken door">
      <img src="barn-1024x683.jpg" alt="A red barn with a broken door">`;
    expect(judged(post)).toEqual([
      ['barn-1024x683.jpg', 'Mum &amp; Dad beside a red barn', null, 'alt.encoding warning'],
      // The name of the file, put in by the program.
      ['lake.jpg', 'lake', null, 'alt.filename warning'],
      ['only-800x600.webp', 'Two swans on a grey lake', null, ''],
      // The same picture in two sizes may say the same.
      ['barn-300x200.jpg', 'A red barn with a broken door', null, ''],
      ['barn-1024x683.jpg', 'A red barn with a broken door', null, ''],
    ]);
  });

  test('pictures that are loaded late: what is seen in the end counts', () => {
    const page = `<img class="lazy" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="kite.jpg" alt="A kite above dunes">
      <noscript><img src="kite.jpg" alt="A kite above dunes"></noscript>
      <img src="/img/placeholder.png" data-srcset="dune-800.jpg 800w, dune.jpg 1600w">
      <img src="small.jpg" loading="lazy" alt=" ">
      <img src="https://stats.example.com/p.gif" width="1" height="1">
      <img src="https://stats.example.com/q.gif" style="display:none">`;
    expect(judged(page)).toEqual([
      ['kite.jpg', 'A kite above dunes', null, ''],
      // For who has no scripts: the same picture again.
      ['kite.jpg', 'A kite above dunes', null, ''],
      ['dune-800.jpg', null, null, 'alt.missing error'],
      ['small.jpg', ' ', null, 'alt.whitespace error'],
      // Counts visits; it can be marked as decorative without a look.
      ['https://stats.example.com/p.gif', null, null, 'alt.missing error'],
      // The last one is hidden from all, and left alone.
    ]);
  });

  test('drawings in the page: a picture only where it says so', () => {
    const page = `<svg role="img"><title>Sales rose from 4 to 9 million</title><path d="M0 0"/></svg>
      <svg role="img" aria-label="Sales by month, highest in May"><title>Chart</title></svg>
      <svg role="img"><path d="M0 0"/></svg>
      <svg role="img" aria-labelledby="t"><path d="M0 0"/></svg><p id="t">Sales fell in June</p>
      <svg><path d="M0 0"/></svg>
      <svg role="img" aria-hidden="true"><title>Decoration</title></svg>
      <object data="map.svg" type="image/svg+xml"></object>`;
    expect(judged(page)).toEqual([
      [null, 'Sales rose from 4 to 9 million', null, ''],
      // What ARIA says goes before the title.
      [null, 'Sales by month, highest in May', null, ''],
      [null, null, null, 'alt.missing error'],
      // Said elsewhere in the page.
      [null, 'Sales fell in June', null, ''],
      // Without a role it is an ornament, and left alone.
      // Hidden, yet it has a text.
      [null, 'Decoration', 'marked as decorative', 'alt.decorative warning'],
      ['map.svg', null, null, 'alt.missing error'],
    ]);
  });

  test('emoji that are pictures: their name is their text', () => {
    const page = `<p>Well done <img class="emoji" src="https://s.w.org/images/core/emoji/2/svg/1f600.svg" alt="😀"></p>
      <p><img class="emoji" src="https://s.w.org/images/core/emoji/2/svg/1f389.svg" alt="🎉"><img class="emoji" src="1f389.svg" alt="🎉"><img class="emoji" src="1f38a.svg" alt="🎊"></p>
      <p>Fun <span role="img" aria-label="party popper">🎉</span></p>
      <p>Fun <span role="img">🎉</span></p>
      <p>Hi <img class="emoji" src="1f44b.svg"></p>`;
    expect(judged(page)).toEqual([
      ['https://s.w.org/images/core/emoji/2/svg/1f600.svg', '😀', 'emoji', ''],
      ['https://s.w.org/images/core/emoji/2/svg/1f389.svg', '🎉', 'emoji', ''],
      ['1f389.svg', '🎉', 'emoji', ''],
      ['1f38a.svg', '🎊', 'emoji', ''],
      [null, 'party popper', null, ''],
      [null, null, null, 'alt.missing error'],
      ['1f44b.svg', null, 'emoji', 'alt.missing error'],
    ]);
  });

  test('background images: only those that claim to be pictures', () => {
    const page = `<div style="background-image: url('sea.jpg')"><h1>By the sea</h1></div>
      <div role="img" aria-label="Waves break on a pier at night" style="background-image:url(&quot;pier.jpg&quot;)"></div>
      <div role="img" style="background: #fff url(gulls.jpg) no-repeat"></div>
      <section role="img" aria-label="background" style="background-image:url(sand.jpg)"></section>`;
    expect(judged(page)).toEqual([
      // The first says nothing of itself, and is left alone.
      ['pier.jpg', 'Waves break on a pier at night', null, ''],
      ['gulls.jpg', null, null, 'alt.missing error'],
      ['sand.jpg', 'background', null, 'alt.placeholder error'],
    ]);
  });

  test('the README of a project: badges, screenshots, HTML among Markdown', () => {
    const readme = `---
title: Barn
cover:
  image: cover.png
  alt: A barn drawn with thin lines
---

# Barn

[![Build status](https://ci.example.com/b.svg)](https://ci.example.com) [![](https://ci.example.com/c.svg)](https://ci.example.com/c)

![screenshot](docs/main.png "The main window")
![The main window with a list of barns on the left][main]
![](docs/second.png)

<p align="center"><img src="docs/logo.svg" alt="logo" width="200"></p>

[<img src="docs/video.png" alt="Watch the video">](https://example.com/v)

\`![not a picture](x.png)\` and \`<img src="no.png">\`

    <img src="code.png">

[main]: docs/list.png
`;
    expect(judged(readme, 'README.md')).toEqual([
      ['cover.png', 'A barn drawn with thin lines', null, ''],
      ['https://ci.example.com/b.svg', 'Build status', 'link, with nothing else in it', ''],
      ['https://ci.example.com/c.svg', '', 'link, with nothing else in it', 'alt.missing error'],
      ['docs/main.png', 'screenshot', null, 'alt.placeholder error'],
      ['docs/list.png', 'The main window with a list of barns on the left', null, ''],
      // Markdown cannot tell a decorative picture from one that nobody thought about.
      ['docs/second.png', '', null, 'alt.missing warning'],
      ['docs/logo.svg', 'logo', null, 'alt.placeholder error'],
      ['docs/video.png', 'Watch the video', 'link, with nothing else in it', ''],
    ]);
  });
});

describe('what is left alone', () => {
  test.each([
    ['a template that writes the text', '<img src="a.png" alt="{{ page.alt }}">'],
    ['a template of another kind', '<img src="a.png" alt="<%= alt %>">'],
    ['a template around attributes', '<img src="a.png" {% if x %}alt="x"{% endif %}>'],
    ['a bound attribute of Vue', '<img :src="src" :alt="text">'],
    ['a bound attribute of Angular', '<img [src]="src" [attr.alt]="text">'],
    ['what the page hides', '<div hidden><img src="a.png"></div>'],
    ['what is in a comment', '<!-- <img src="a.png"> -->'],
    ['what is in a script', '<script>"<img src=a.png>"</script>'],
    ['an area that leads nowhere', '<map><area coords="0,0,1,1"></map>'],
    ['an object that is no picture', '<object data="film.mp4"></object>'],
  ])('%s', (_, html) => {
    expect(judged(html)).toEqual([]);
  });

  test('JSX whose text a program works out', () => {
    const page = '<Image src={x} alt={`of ${x}`} />\n\n<img {...props} />\n\n<img src="a.png" />\n';
    expect(judged(page, 'a.mdx')).toEqual([['a.png', null, null, 'alt.missing error']]);
  });
});

test('the language of the page, or of a part of it, is what a text is held against', () => {
  const alt = 'Zwei Hunde spielen im Schnee vor einem roten Haus';
  const page = `<html lang=en><img src=a.png alt="${alt}"><div lang=de><img src=a.png alt="${alt}"></div></html>`;
  expect(judged(page).map((each) => each[3])).toEqual(['alt.language advice', '']);
});
