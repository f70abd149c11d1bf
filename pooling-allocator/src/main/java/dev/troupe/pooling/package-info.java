/**
 * Pooled linear memories and guest stacks: slabs of equal slots with guards between them, handed
 * out by affinity and reset between uses. Implements the allocator ports of {@code
 * dev.troupe.engine.runtime}; may import the engine's {@code runtime} and {@code os} packages and
 * nothing else of ours.
 *
 * <p>Start reading at {@link dev.troupe.pooling.SlabLayout}, the pure function that everything else
 * relies on, then {@link dev.troupe.pooling.MemoryPool}.
 *
 * <p>Main invariant: a slot that is handed out reads as its module's initial image and zeroes, and
 * nothing but its accessible prefix can be touched within the reach of a guest's access.
 */
@NullMarked
package dev.troupe.pooling;

import org.jspecify.annotations.NullMarked;
