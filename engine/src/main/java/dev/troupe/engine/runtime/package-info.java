/**
 * What exists while guests run: stores, instances, memories, tables, globals, functions, loaded
 * code. Names start with {@code Vm} where the public façade has a class of the same noun.
 *
 * <p>Floor 4: may import {@code base}, {@code os}, {@code wasm}, {@code contract}, {@code artifact}
 * and the generators of {@code runtime.stub}; never {@code compile} or anything that only a
 * compiler needs. Start reading at {@link dev.troupe.engine.runtime.VmStore}, then {@link
 * dev.troupe.engine.runtime.VmInstance}.
 *
 * <p>Main invariants: everything that belongs to a store is used by one thread at a time, and
 * native memory of a store is released by {@link dev.troupe.engine.runtime.VmStore#close()} and by
 * nothing else. Offsets of native structures come from {@code contract} only.
 */
@NullMarked
package dev.troupe.engine.runtime;

import org.jspecify.annotations.NullMarked;
