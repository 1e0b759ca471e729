// What Medley uses in the page that Chromium 114 lacks.
Promise.withResolvers ??= () => {
  let resolve, reject;
  const promise = new Promise((...handlers) => ([resolve, reject] = handlers));
  return { promise, resolve, reject };
};
