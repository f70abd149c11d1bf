/**
 * Benchmarks of small costs: crossing between host and guest and instances by JMH, the scheduler by
 * a plain main. May import the engine, the pooling allocator and the scheduler; nothing imports it.
 * Kernels and programs are measured by {@code troupe bench}.
 *
 * <p>Start reading at {@link dev.troupe.benchmarks.CallBenchmark}.
 */
@NullMarked
package dev.troupe.benchmarks;

import org.jspecify.annotations.NullMarked;
