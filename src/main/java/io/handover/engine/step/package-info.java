/// The steps of a migration, one file a step. A step does its work on its own thread, reports through its
/// context, and ends in a value.
package io.handover.engine.step;
