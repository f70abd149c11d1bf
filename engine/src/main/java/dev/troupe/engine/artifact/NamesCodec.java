package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.NameSection;
import dev.troupe.engine.wasm.WasmModule;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The names that outlive compilation, as contents of a {@code name} section: module, functions. */
final class NamesCodec {
  private static final int MODULE_SUBSECTION = 0;
  private static final int FUNCTION_SUBSECTION = 1;
  private static final int LONGEST_SYMBOL = 200;

  private NamesCodec() {}

  static byte[] encode(WasmModule module) {
    NameSection names = module.names();
    WireWriter out = new WireWriter();
    String moduleName = names.module();
    if (moduleName != null) {
      WireWriter body = new WireWriter();
      name(body, moduleName);
      subsection(out, MODULE_SUBSECTION, body);
    }
    WireWriter list = new WireWriter();
    int count = 0;
    for (int f = 0; f < module.functionCount(); f++) {
      String function = names.function(f);
      if (function != null) {
        list.varint(f);
        name(list, function);
        count++;
      }
    }
    if (count > 0) {
      WireWriter body = new WireWriter();
      body.varint(count);
      append(body, list);
      subsection(out, FUNCTION_SUBSECTION, body);
    }
    return out.toByteArray();
  }

  private static void subsection(WireWriter out, int id, WireWriter body) {
    out.put(id);
    out.varint(body.size());
    append(out, body);
  }

  private static void append(WireWriter out, WireWriter body) {
    for (byte b : body.toByteArray()) {
      out.put(b);
    }
  }

  private static void name(WireWriter out, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    out.varint(bytes.length);
    for (byte b : bytes) {
      out.put(b);
    }
  }

  /** The symbol of function {@code index}: {@code wasm[3]::name}. */
  static String symbol(int index, @Nullable String name) {
    if (name == null) {
      return "wasm[" + index + "]";
    }
    StringBuilder symbol = new StringBuilder("wasm[").append(index).append("]::");
    name.codePoints()
        .limit(LONGEST_SYMBOL)
        .forEach(c -> symbol.appendCodePoint(c < ' ' || c == 0x7F ? '?' : c));
    return symbol.toString();
  }
}
