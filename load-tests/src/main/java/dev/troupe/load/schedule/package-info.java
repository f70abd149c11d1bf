/**
 * When calls are due: rates over time, turned into a sequence of intended send times. Pure
 * arithmetic, seeded; imports nothing of ours.
 *
 * <p>Start reading at {@link dev.troupe.load.schedule.Arrivals}.
 */
@NullMarked
package dev.troupe.load.schedule;

import org.jspecify.annotations.NullMarked;
