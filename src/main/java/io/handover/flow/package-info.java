/// The concurrency vocabulary: a watched value, pause and stop, a ring of samples, named threads. On the JDK
/// alone.
package io.handover.flow;
