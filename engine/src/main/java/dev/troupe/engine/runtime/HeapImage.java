package dev.troupe.engine.runtime;

import dev.troupe.engine.os.NativeFile;
import org.jspecify.annotations.Nullable;

/**
 * The initial contents of a linear memory as whole pages that can be mapped copy-on-write or
 * copied. Valid while its module is loaded.
 *
 * @param file the unchanging file that holds the image, or null when it can only be copied
 * @param fileOffset where the image starts in the file; a multiple of the page size
 * @param address the image, mapped read-only in this process
 * @param byteLength length of the image; a multiple of the page size
 * @param memoryOffset where it goes in the linear memory; a multiple of the page size
 */
public record HeapImage(
    @Nullable NativeFile file, long fileOffset, long address, long byteLength, long memoryOffset) {}
