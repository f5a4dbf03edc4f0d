/// Handover on show: two real PostgreSQL servers on this machine, a shop with data, and an application that never
/// stops writing and follows the cutover.
///
/// Beside `pg` the only package with SQL, for it plays somebody else's application: what it sends must not go
/// through Handover's own sessions.
package io.handover.demo;
