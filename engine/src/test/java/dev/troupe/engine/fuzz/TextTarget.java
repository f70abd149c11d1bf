package dev.troupe.engine.fuzz;

import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.WasmException;

/** What Jazzer calls: any text is a module or refused with a typed error. */
public final class TextTarget {
  private TextTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      byte[] unused = Wat.toBinary(data);
    } catch (WasmException e) {
      // That is how texts are refused.
    }
  }
}
