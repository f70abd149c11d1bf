/**
 * The register allocator, as a library that knows neither SSA nor x86-64: constraints in, locations
 * and moves out. May import {@code base} only. Start reading at {@link
 * dev.troupe.engine.regalloc.RegallocFunction} (the input, with a worked example), then {@link
 * dev.troupe.engine.regalloc.RegisterAllocator} and {@link dev.troupe.engine.regalloc.Allocation}.
 *
 * <p>Main invariant: the function that comes in is never changed; the result is a location per
 * operand and a list of moves to insert, and {@code regalloc.checker} proves from these two alone
 * that every operand reads the value it names.
 */
@NullMarked
package dev.troupe.engine.regalloc;

import org.jspecify.annotations.NullMarked;
