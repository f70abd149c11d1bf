/**
 * The compiler as a whole: decode, validate, translate, optimize, select, allocate, emit, link. May
 * import everything below it: {@code decode}, {@code validate}, {@code frontend}, {@code ssa},
 * {@code backend.x64}, {@code artifact}, {@code contract}, {@code wasm}. Never imports the runtime,
 * nor the runtime it: the two meet in the artifact. Start reading at {@link
 * dev.troupe.engine.compile.ModuleCompiler}.
 *
 * <p>Main invariant: equal requests give equal bytes, whatever the number of threads and their
 * order; and whatever a module contains, compiling it ends within its {@link
 * dev.troupe.engine.compile.CompileLimits} or with a typed exception.
 */
@NullMarked
package dev.troupe.engine.compile;

import org.jspecify.annotations.NullMarked;
