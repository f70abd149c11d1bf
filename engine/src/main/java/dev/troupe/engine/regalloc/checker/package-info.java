/**
 * An independent proof that an allocation is right: follows values symbolically through locations
 * and moves to a fixpoint. Shares no code with the allocator but its interface types. May import
 * {@code base} and {@code regalloc}. Start reading at {@link
 * dev.troupe.engine.regalloc.checker.AllocationChecker}.
 *
 * <p>Main invariant: it may reject a right allocation, it never accepts a wrong one.
 */
@NullMarked
package dev.troupe.engine.regalloc.checker;

import org.jspecify.annotations.NullMarked;
