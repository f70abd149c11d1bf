/**
 * Tests of the stubs with guest code assembled by hand: calls, exits, bulk operations, traps,
 * preemption, and life beside HotSpot. Start reading at {@code GuestHarness}.
 */
@NullMarked
package dev.troupe.engine.runtime.stub;

import org.jspecify.annotations.NullMarked;
