package dev.troupe.engine.fuzz;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;

/** What Jazzer calls: any body of a function is valid or refused with a typed error. */
public final class ValidatorTarget {
  private ValidatorTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    ByteWriter body = new ByteWriter().u32(1).u32(3).u8(0x7E).bytes(data, 0, data.length).u8(0x0B);
    ByteWriter w = new ByteWriter().header();
    // (i32, f64) -> i64, a struct, an array; a table, a memory, a tag of an i32, a global.
    w.section(1, hex("05 60 02 7F 7C 01 7E 60 00 00 5F 02 7F 01 63 03 01 5E 7E 01 60 01 7F 00"));
    w.section(3, hex("01 00")).section(4, hex("01 70 00 04")).section(5, hex("01 00 01"));
    w.section(13, hex("01 00 04")).section(6, hex("01 7F 01 41 00 0B"));
    w.section(9, hex("01 03 00 01 00")).section(12, hex("01"));
    w.section(10, new ByteWriter().u32(1).sized(body)).section(11, hex("01 01 01 2A"));
    try {
      ModuleValidator.validate(
          ModuleDecoder.decode(w.toBytes(), WasmFeatures.ALL, WasmLimits.DEFAULT),
          WasmFeatures.ALL,
          WasmLimits.DEFAULT);
    } catch (WasmException e) {
      // That is how modules are refused.
    }
  }

  private static ByteWriter hex(String bytes) {
    ByteWriter w = new ByteWriter();
    for (String digits : bytes.split(" ")) {
      w.u8(Integer.parseInt(digits, 16));
    }
    return w;
  }
}
