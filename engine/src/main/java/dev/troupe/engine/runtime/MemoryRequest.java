package dev.troupe.engine.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What a linear memory needs.
 *
 * @param moduleKey unique for each loaded module, never reused; 0 for a memory made by the host. An
 *     allocator may prefer a slot that held the same memory of the same module before
 * @param memoryIndex which memory of the module
 * @param initialBytes accessible at once; a multiple of 64 KiB
 * @param maximumBytes largest size that it may ever grow to; a multiple of 64 KiB
 * @param reservationBytes address space behind the base that compiled code relies on to fault where
 *     the memory has not grown to; at least {@code maximumBytes}
 * @param guardBytes always inaccessible address space behind the reservation
 * @param image initial contents, or null when the memory starts as zeros
 */
public record MemoryRequest(
    long moduleKey,
    int memoryIndex,
    long initialBytes,
    long maximumBytes,
    long reservationBytes,
    long guardBytes,
    @Nullable HeapImage image) {}
