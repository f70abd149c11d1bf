/**
 * Dense primitive containers that the hot parts of the engine share: integer lists, bit sets, byte
 * buffers. Imports nothing of ours. Start reading at {@link dev.troupe.engine.base.IntList}.
 *
 * <p>Main invariant: no boxing, no hashing, so that nothing built on these can depend on an
 * iteration order that changes between runs.
 */
@NullMarked
package dev.troupe.engine.base;

import org.jspecify.annotations.NullMarked;
