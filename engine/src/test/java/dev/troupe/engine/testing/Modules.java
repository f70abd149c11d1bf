package dev.troupe.engine.testing;

import dev.troupe.engine.wasm.FuncType;
import java.util.List;
import java.util.function.Consumer;

/** Tiny modules for tests, from a function type and the bytes of one body. */
public final class Modules {
  private Modules() {}

  /**
   * A module with one type, one memory, and one function of that type without locals.
   *
   * @param code writes the instructions with the final {@code end}
   */
  public static byte[] withBody(FuncType type, Consumer<ByteWriter> code) {
    return withBody(type, List.of(), code);
  }

  /** As above, with locals: pairs of a count and a type code. */
  public static byte[] withBody(FuncType type, List<int[]> locals, Consumer<ByteWriter> code) {
    ByteWriter out = new ByteWriter().header();
    ByteWriter types = new ByteWriter().u32(1).u8(0x60).u32(type.paramCount());
    type.params().forEach(param -> ModuleWriter.type(types, param));
    types.u32(type.resultCount());
    type.results().forEach(result -> ModuleWriter.type(types, result));
    out.section(1, types);
    out.section(3, new ByteWriter().u32(1).u32(0));
    out.section(5, new ByteWriter().u32(1).u8(0).u32(1));
    ByteWriter body = new ByteWriter().u32(locals.size());
    for (int[] group : locals) {
      body.u32(group[0]).u8(group[1]);
    }
    code.accept(body);
    out.section(10, new ByteWriter().u32(1).sized(body));
    return out.toBytes();
  }
}
