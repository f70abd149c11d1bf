/**
 * Runs the specification's test scripts against an engine.
 *
 * <p>Stands above the façade {@code dev.troupe.engine}: may import it, {@code text}, {@code wasm},
 * {@code decode} and {@code validate}. {@link dev.troupe.engine.wast.WastRunner} knows scripts and
 * nothing of engines; an engine is a {@link dev.troupe.engine.wast.ScriptHost}. Start reading at
 * the runner.
 *
 * <p>Main invariant: every assertion of a script is counted exactly once, as passed, failed or
 * skipped, and only what needs a feature that is turned off is skipped.
 */
@NullMarked
package dev.troupe.engine.wast;

import org.jspecify.annotations.NullMarked;
