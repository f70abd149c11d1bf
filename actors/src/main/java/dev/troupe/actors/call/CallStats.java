package dev.troupe.actors.call;

import dev.troupe.actors.port.GuestLog;
import java.util.OptionalLong;

/**
 * The account of one call.
 *
 * @param queueNanos from arrival to the first slice
 * @param runNanos from the first slice to the end
 * @param cpuNanos measured processor time
 * @param fuel fuel used, where it is metered
 * @param peakMemoryBytes largest memory of the instance
 * @param coldStart whether the instance took a place that had not held this module
 * @param sha256 digest of the version that ran
 * @param slices turns on a worker
 * @param preemptions turns that ended by preemption
 * @param log what the guest said besides its answer
 */
public record CallStats(
    long queueNanos,
    long runNanos,
    long cpuNanos,
    OptionalLong fuel,
    long peakMemoryBytes,
    boolean coldStart,
    String sha256,
    long slices,
    long preemptions,
    GuestLog log) {}
