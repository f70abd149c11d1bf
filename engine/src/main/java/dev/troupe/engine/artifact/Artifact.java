package dev.troupe.engine.artifact;

import java.lang.foreign.MemorySegment;

/**
 * An artifact file that passed all checks.
 *
 * @param file all of its bytes: what serializing gives back
 * @param module what it contains; {@code text} and images are slices of {@code file}
 * @param textOffset file offset of the text, a multiple of the page size
 * @param imageOffsets file offset of each memory image, multiples of the page size
 */
public record Artifact(
    MemorySegment file, CompiledModule module, long textOffset, long[] imageOffsets) {}
