/// The vocabulary of a migration: records, enums and sealed types without I/O, on the JDK alone.
package io.handover.model;
