/**
 * Facts computed from a function and invalidated by any change of its control flow: orders,
 * predecessors, dominators, loops, block frequencies; and the verifier, which says what a function
 * is. May import {@code ssa} only. Start reading at {@link
 * dev.troupe.engine.ssa.analysis.SsaVerifier}, then {@link
 * dev.troupe.engine.ssa.analysis.ControlFlow}.
 *
 * <p>Main invariant: an analysis is an immutable snapshot; whoever changes blocks or edges computes
 * it again.
 */
@NullMarked
package dev.troupe.engine.ssa.analysis;

import org.jspecify.annotations.NullMarked;
