/**
 * Tests of the scheduler. {@code Simulation} runs the real core on simulated time and workers;
 * start with {@code FairnessTest}.
 */
@NullMarked
package dev.troupe.scheduler;

import org.jspecify.annotations.NullMarked;
