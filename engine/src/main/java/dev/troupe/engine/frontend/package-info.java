/**
 * WebAssembly to SSA: one pass over a validated body. May import {@code wasm}, {@code validate},
 * {@code contract}, {@code ssa} and {@code base}. Start reading at {@link
 * dev.troupe.engine.frontend.FunctionTranslator}.
 *
 * <p>Globals, tables, memory sizes, imports and instrumentation become loads and stores of the
 * structures in {@code contract}, so that the passes see them and the back end does not have to.
 *
 * <p>Main invariant: effects and traps appear in the order of the WebAssembly program, and a bulk
 * operation checks its whole range before it touches a byte.
 */
@NullMarked
package dev.troupe.engine.frontend;

import org.jspecify.annotations.NullMarked;
