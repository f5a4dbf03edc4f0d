/// The only place with SQL and the driver: servers and their sessions, catalogues (read), writers (change),
/// copy pipes, digests.
package io.handover.pg;
