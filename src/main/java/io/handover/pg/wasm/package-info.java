/// The built-in `pg_dump`: the build compiles it from WebAssembly to the classes `PgDumpModule…` of this package,
/// where it can; here is the world it runs in. It sees no file, no other process and no network: only its
/// arguments, its environment, two streams to write to, random numbers, and one `Wire` to a server.
package io.handover.pg.wasm;
