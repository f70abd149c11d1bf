/**
 * Facts computed from a function and invalidated by any change of its control flow: orders,
 * predecessors, dominators, loops, block frequencies; and the verifier, which says what a function
 * is. May import {@code base} and {@code ssa}. Start reading at {@link
 * dev.troupe.engine.ssa.analysis.SsaVerifier}, then {@link
 * dev.troupe.engine.ssa.analysis.ControlFlow}.
 *
 * <p>Main invariant: an analysis is an immutable snapshot; whoever changes blocks or edges computes
 * it again. Only ranges may follow a pass that walks the blocks and rewrites instructions.
 */
@NullMarked
package dev.troupe.engine.ssa.analysis;

import org.jspecify.annotations.NullMarked;
