/**
 * JMH benchmarks of small costs: crossing between host and guest, instances. May import the engine
 * and the pooling allocator; nothing imports it. Kernels and programs are measured by {@code troupe
 * bench}.
 *
 * <p>Start reading at {@link dev.troupe.benchmarks.CallBenchmark}.
 */
@NullMarked
package dev.troupe.benchmarks;

import org.jspecify.annotations.NullMarked;
