package dev.troupe.engine;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The custom sections of a module's binary: debug information, lists of producers, what a host and
 * its tools agree upon. No code depends on them, and artifacts keep none but names.
 */
public final class CustomSections {
  private CustomSections() {}

  /**
   * The contents of all custom sections of a name, in order; each is a copy.
   *
   * @param wasm a module in the binary format; that it is valid is not asked
   * @throws dev.troupe.engine.wasm.MalformedException when it is malformed; function bodies are not
   *     looked at
   */
  public static List<byte[]> named(byte[] wasm, String name) {
    List<byte[]> found = new ArrayList<>();
    for (CustomSection section : sections(wasm)) {
      if (section.name().equals(name)) {
        int end = section.offset() + section.length();
        found.add(Arrays.copyOfRange(wasm, section.offset(), end));
      }
    }
    return found;
  }

  /**
   * The names of all custom sections, in order.
   *
   * @param wasm as above
   * @throws dev.troupe.engine.wasm.MalformedException as above
   */
  public static List<String> names(byte[] wasm) {
    return sections(wasm).stream().map(CustomSection::name).toList();
  }

  private static List<CustomSection> sections(byte[] wasm) {
    return ModuleDecoder.decode(wasm, WasmFeatures.ALL, WasmLimits.DEFAULT).customSections();
  }
}
