package dev.troupe.engine.fuzz;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;

/** What Jazzer calls: any bytes behind the header are decoded or refused with a typed error. */
public final class DecoderTarget {
  private DecoderTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    byte[] wasm = new ByteWriter().header().bytes(data, 0, data.length).toBytes();
    try {
      var unused = ModuleDecoder.decode(wasm, WasmFeatures.ALL, WasmLimits.DEFAULT);
    } catch (WasmException e) {
      // That is how modules are refused.
    }
  }
}
