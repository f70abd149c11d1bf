/**
 * Passes over {@code ssa}: functions in, better functions out. May import {@code ssa}, {@code
 * ssa.analysis} and {@code base}. Start reading at {@link dev.troupe.engine.ssa.pass.PassPipeline},
 * the list of passes with the reasons for its order.
 *
 * <p>Main invariant: a trap is a side effect. No operation that may trap goes unless it provably
 * cannot or an equal one before it did not; none moves across another effect; no load from linear
 * memory happens twice where the program has it once.
 */
@NullMarked
package dev.troupe.engine.ssa.pass;

import org.jspecify.annotations.NullMarked;
