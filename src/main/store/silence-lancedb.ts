// LanceDB reads this as it loads. What it would log, in Rust's words, Medley tells in its own.
process.env.LANCEDB_LOG ??= 'off';
