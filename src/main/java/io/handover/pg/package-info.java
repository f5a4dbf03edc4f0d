/// The only place with SQL and the driver: servers and their sessions, catalogues (read), writers (change),
/// copy pipes, digests. The schema is read with `pg_dump`: an installed program, or the one built in (`pg.wasm`).
package io.handover.pg;
