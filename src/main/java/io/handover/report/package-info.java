/// The record of a migration for people and for scripts: one HTML file that prints well, and the same as JSON. Tells
/// what was recorded, asks nobody, and says what was not compared, and whose statements are missing, as loudly as the
/// rest.
package io.handover.report;
