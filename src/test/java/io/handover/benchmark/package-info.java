/// How long Handover's baseline takes beside the tools one would use instead; `mvn -B -Pbenchmark verify`, no test.
@org.jspecify.annotations.NullMarked
package io.handover.benchmark;
