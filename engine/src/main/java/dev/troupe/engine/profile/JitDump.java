package dev.troupe.engine.profile;

import dev.troupe.engine.CompiledFunction;
import dev.troupe.engine.Module;
import dev.troupe.engine.os.RawMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The binary file from which {@code perf inject --jit} makes objects with names and code, so that
 * {@code perf annotate} works too (tools/perf/Documentation/jitdump-specification.txt). The process
 * maps its first page executable: that is how perf learns of the file. Record with {@code -k mono}.
 */
public final class JitDump {
  private static final int MAGIC = 0x4A695444;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 40;
  private static final int X86_64 = 62;
  private static final int CODE_LOAD = 0;
  private static final int LOAD_BYTES = 56;

  private JitDump() {}

  /** The name that perf expects, in a folder. */
  public static Path path(Path folder) {
    return folder.resolve("jit-" + ProcessHandle.current().pid() + ".dump");
  }

  /**
   * Writes the functions of a module, and tells perf. The file is replaced; where others can write,
   * too, none of their links is followed.
   *
   * @throws IOException when the file cannot be written
   */
  public static void write(Module module, Path file) throws IOException {
    try (FreshFile fresh = FreshFile.create(file)) {
      fresh.append(header());
      // Stays mapped: perf may look at any time.
      fresh.mapFirstPage();
      for (CompiledFunction function : module.functions()) {
        fresh.append(record(function));
      }
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int pid() {
    return (int) ProcessHandle.current().pid();
  }

  private static byte[] header() {
    return buffer(HEADER_BYTES)
        .putInt(MAGIC)
        .putInt(VERSION)
        .putInt(HEADER_BYTES)
        .putInt(X86_64)
        .putInt(0)
        .putInt(pid())
        .putLong(System.nanoTime())
        .putLong(0)
        .array();
  }

  private static byte[] record(CompiledFunction function) {
    byte[] name = PerfMap.oneLine(function.name()).getBytes(StandardCharsets.UTF_8);
    byte[] code = new byte[function.bytes()];
    RawMemory.copyOut(function.address(), code, 0, code.length);
    int bytes = LOAD_BYTES + name.length + 1 + code.length;
    return buffer(bytes)
        .putInt(CODE_LOAD)
        .putInt(bytes)
        // System.nanoTime is CLOCK_MONOTONIC, which perf is asked to use as well.
        .putLong(System.nanoTime())
        .putInt(pid())
        .putInt(pid())
        .putLong(function.address())
        .putLong(function.address())
        .putLong(code.length)
        .putLong(function.index())
        .put(name)
        .put((byte) 0)
        .put(code)
        .array();
  }
}
