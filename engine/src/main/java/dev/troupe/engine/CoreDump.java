package dev.troupe.engine;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.VmGlobal;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.runtime.VmMemory;
import dev.troupe.engine.runtime.exec.WasmFrame;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.WasmModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A WebAssembly core dump: a module whose custom sections say what ran where, with the memories as
 * data segments. Locals and operands are in registers that are gone, so they are "missing".
 */
final class CoreDump {
  private static final byte[] PREAMBLE = {0, 'a', 's', 'm', 1, 0, 0, 0};
  private static final int MEMORY_SECTION = 5;
  private static final int GLOBAL_SECTION = 6;
  private static final int DATA_SECTION = 11;
  private static final int HAS_64_BIT_ADDRESSES = 4;
  private static final int PAGE_BYTES = VirtualMemory.PAGE_BYTES;
  private static final int CHUNK_BYTES = 1 << 16;

  /** A run of pages that are not zero. */
  private record Segment(int memory, long offset, long bytes) {}

  private final String program;
  private final List<VmInstance> instances;
  private final Numbered<VmMemory> memories = new Numbered<>();
  private final Numbered<VmGlobal> globals = new Numbered<>();

  /** Things that instances share, numbered in the order in which they are first named. */
  private static final class Numbered<T> {
    private final Map<T, Integer> numbers = new IdentityHashMap<>();
    private final List<T> all = new ArrayList<>();

    int of(T one) {
      Integer before = numbers.putIfAbsent(one, all.size());
      if (before != null) {
        return before;
      }
      all.add(one);
      return all.size() - 1;
    }

    List<T> all() {
      return all;
    }
  }

  CoreDump(String program, List<VmInstance> instances) {
    this.program = program;
    this.instances = instances;
  }

  void write(List<WasmFrame> frames, OutputStream out) throws IOException {
    out.write(PREAMBLE);
    custom(out, "core", new Bytes().put(0).put(program));
    Bytes modules = new Bytes().number(instances.size());
    Bytes described = new Bytes().number(instances.size());
    for (int i = 0; i < instances.size(); i++) {
      String name = instances.get(i).module().info().names().module();
      modules = modules.put(0).put(name == null ? program : name);
      described = instance(described, i, instances.get(i));
    }
    custom(out, "coremodules", modules);
    custom(out, "coreinstances", described);
    custom(out, "corestack", stack(frames));
    section(out, MEMORY_SECTION, memoryTypes());
    section(out, GLOBAL_SECTION, globalValues());
    data(out);
  }

  private Bytes instance(Bytes to, int module, VmInstance instance) {
    WasmModule info = instance.module().info();
    Bytes result = to.put(0).number(module).number(info.memories().size());
    for (int i = 0; i < info.memories().size(); i++) {
      result = result.number(memories.of(instance.memory(i)));
    }
    List<VmGlobal> numbers = new ArrayList<>();
    for (int i = 0; i < info.globals().size(); i++) {
      if (info.globals().get(i).type() instanceof NumType) {
        numbers.add(instance.global(i));
      }
    }
    result = result.number(numbers.size());
    for (VmGlobal global : numbers) {
      result = result.number(globals.of(global));
    }
    return result;
  }

  private Bytes stack(List<WasmFrame> frames) {
    Bytes result = new Bytes().put(0).put("main").number(frames.size());
    Map<Long, Integer> byModule = new HashMap<>();
    for (int i = 0; i < instances.size(); i++) {
      // Frames do not tell instances of one module apart: the first stands for all.
      Integer _ = byModule.putIfAbsent(instances.get(i).module().key(), i);
    }
    for (WasmFrame frame : frames) {
      int instance = byModule.getOrDefault(frame.moduleKey(), 0);
      // No locals, no operands.
      result =
          result
              .put(0)
              .number(instance)
              .number(frame.functionIndex())
              .number(Math.max(0, frame.wasmOffset()))
              .number(0)
              .number(0);
    }
    return result;
  }

  private Bytes memoryTypes() {
    Bytes result = new Bytes().number(memories.all().size());
    for (VmMemory memory : memories.all()) {
      boolean wide = memory.type().limits().is64();
      // Whole pages of the usual size: others would need a proposal to be read.
      result =
          result
              .put(wide ? HAS_64_BIT_ADDRESSES : 0)
              .number((memory.byteLength() + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }
    return result;
  }

  private Bytes globalValues() {
    Bytes result = new Bytes().number(globals.all().size());
    for (VmGlobal global : globals.all()) {
      // Only those with numbers were collected.
      if (global.type().type() instanceof NumType number) {
        result = value(result, number, global);
      }
    }
    return result;
  }

  private static Bytes value(Bytes to, NumType type, VmGlobal global) {
    int mutable = global.type().mutable() ? 1 : 0;
    Bytes result =
        switch (type) {
          case I32 -> to.put(0x7F).put(mutable).put(0x41).signed((int) global.low());
          case I64 -> to.put(0x7E).put(mutable).put(0x42).signed(global.low());
          case F32 -> to.put(0x7D).put(mutable).put(0x43).raw(global.low(), Integer.BYTES);
          case F64 -> to.put(0x7C).put(mutable).put(0x44).raw(global.low(), Long.BYTES);
        };
    return result.put(0x0B);
  }

  // ---------------------------------------------------------------- memories

  private void data(OutputStream out) throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < memories.all().size(); i++) {
      segments(i, segments);
    }
    long bytes = new Bytes().number(segments.size()).size();
    for (Segment segment : segments) {
      bytes += header(segment).size() + segment.bytes();
    }
    out.write(DATA_SECTION);
    new Bytes().number(bytes).number(segments.size()).writeTo(out);
    byte[] chunk = new byte[CHUNK_BYTES];
    for (Segment segment : segments) {
      header(segment).writeTo(out);
      long from = memories.all().get(segment.memory()).base() + segment.offset();
      for (long done = 0; done < segment.bytes(); ) {
        int part = (int) Math.min(chunk.length, segment.bytes() - done);
        RawMemory.copyOut(from + done, chunk, 0, part);
        out.write(chunk, 0, part);
        done += part;
      }
    }
  }

  private Bytes header(Segment segment) {
    boolean wide = memories.all().get(segment.memory()).type().limits().is64();
    Bytes result = segment.memory() == 0 ? new Bytes().put(0) : new Bytes().put(2);
    if (segment.memory() != 0) {
      result = result.number(segment.memory());
    }
    result = result.put(wide ? 0x42 : 0x41);
    result = result.signed(wide ? segment.offset() : (int) segment.offset());
    return result.put(0x0B).number(segment.bytes());
  }

  private void segments(int index, List<Segment> found) {
    VmMemory memory = memories.all().get(index);
    long start = -1;
    long length = memory.byteLength();
    for (long at = 0; at < length; at += PAGE_BYTES) {
      boolean zero = isZero(memory.base() + at, Math.min(PAGE_BYTES, length - at));
      if (!zero && start < 0) {
        start = at;
      } else if (zero && start >= 0) {
        found.add(new Segment(index, start, at - start));
        start = -1;
      }
    }
    if (start >= 0) {
      found.add(new Segment(index, start, length - start));
    }
  }

  private static boolean isZero(long address, long bytes) {
    long at = 0;
    for (; at + Long.BYTES <= bytes; at += Long.BYTES) {
      if (RawMemory.getLong(address + at) != 0) {
        return false;
      }
    }
    for (; at < bytes; at++) {
      if (RawMemory.getByte(address + at) != 0) {
        return false;
      }
    }
    return true;
  }

  // ---------------------------------------------------------------- encoding

  private static void custom(OutputStream out, String name, Bytes contents) throws IOException {
    Bytes named = new Bytes().put(name);
    out.write(0);
    new Bytes().number((long) named.size() + contents.size()).writeTo(out);
    named.writeTo(out);
    contents.writeTo(out);
  }

  private static void section(OutputStream out, int id, Bytes contents) throws IOException {
    out.write(id);
    new Bytes().number(contents.size()).writeTo(out);
    contents.writeTo(out);
  }

  /** Bytes in the binary format. */
  private static final class Bytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int size() {
      return bytes.size();
    }

    void writeTo(OutputStream out) throws IOException {
      bytes.writeTo(out);
    }

    Bytes put(int value) {
      bytes.write(value);
      return this;
    }

    Bytes put(String text) {
      byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
      Bytes result = number(encoded.length);
      bytes.write(encoded, 0, encoded.length);
      return result;
    }

    /** Unsigned LEB128. */
    Bytes number(long value) {
      long left = value;
      for (; left >>> 7 != 0; left >>>= 7) {
        bytes.write((int) left & 0x7F | 0x80);
      }
      bytes.write((int) left);
      return this;
    }

    /** Signed LEB128. */
    Bytes signed(long value) {
      long left = value;
      while (left < -64 || left > 63) {
        bytes.write((int) left & 0x7F | 0x80);
        left >>= 7;
      }
      bytes.write((int) left & 0x7F);
      return this;
    }

    Bytes raw(long value, int count) {
      for (int i = 0; i < count; i++) {
        bytes.write((int) (value >>> 8 * i));
      }
      return this;
    }
  }
}
