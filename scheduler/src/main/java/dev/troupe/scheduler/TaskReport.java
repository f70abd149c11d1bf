package dev.troupe.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * The account of a task at its end.
 *
 * @param end how it ended
 * @param queuedNanos time from submission to the first slice (or to the end when there was none)
 * @param waitedNanos time runnable but not running, over the whole life, the first wait included
 * @param cpuNanos processor time measured over all slices
 * @param slices number of slices
 * @param preemptions number of slices that ended by preemption
 * @param failure what {@link Task#run} threw, for {@link TaskEnd#FAILED} only
 */
public record TaskReport(
    TaskEnd end,
    long queuedNanos,
    long waitedNanos,
    long cpuNanos,
    long slices,
    long preemptions,
    @Nullable Throwable failure) {}
