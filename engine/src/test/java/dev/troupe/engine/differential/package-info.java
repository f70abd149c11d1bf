/**
 * Compares the compiled engine with the oracle on random modules.
 *
 * <p>Start reading at {@link dev.troupe.engine.differential.DifferentialTest}. A module that once
 * behaved differently is kept under {@code src/test/resources/differential} and run for ever.
 */
@NullMarked
package dev.troupe.engine.differential;

import org.jspecify.annotations.NullMarked;
