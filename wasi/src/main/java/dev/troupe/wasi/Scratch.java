package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory of one guest's world for system calls, made when it is first needed. */
final class Scratch {
  /** Bytes of {@link #block}. */
  static final int BLOCK_BYTES = 256;

  /** Bytes of {@link #entries}. */
  static final int ENTRIES_BYTES = 8192;

  private static final int CONSTANTS = BLOCK_BYTES;
  private static final int FIRST_PATH = CONSTANTS + 8;
  private static final int SECOND_PATH = FIRST_PATH + GuestPath.MOST_BYTES;
  private static final int ENTRIES = SECOND_PATH + GuestPath.MOST_BYTES;

  // Held so that it is not freed.
  private final MemorySegment memory = Arena.ofAuto().allocate(ENTRIES + ENTRIES_BYTES, 8);
  private final GuestPath path = new GuestPath(memory.address() + FIRST_PATH);
  private final GuestPath newPath = new GuestPath(memory.address() + SECOND_PATH);

  Scratch() {
    RawMemory.putByte(memory.address() + CONSTANTS, (byte) '.');
  }

  /** For structures of the kernel, {@link #BLOCK_BYTES} bytes. */
  long block() {
    return memory.address();
  }

  /** The path {@code "."}. */
  long dot() {
    return memory.address() + CONSTANTS;
  }

  /** The empty path. */
  long empty() {
    return memory.address() + CONSTANTS + 1;
  }

  /** The path of a call, or the first of two. */
  GuestPath path() {
    return path;
  }

  /** The second of two paths. */
  GuestPath newPath() {
    return newPath;
  }

  /** For entries of a directory, {@link #ENTRIES_BYTES} bytes. */
  long entries() {
    return memory.address() + ENTRIES;
  }
}
