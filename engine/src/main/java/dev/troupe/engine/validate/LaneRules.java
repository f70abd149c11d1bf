package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.Immediate;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.WasmOp;

/** Lane indexes of vector instructions (section 3.4.11). */
final class LaneRules {
  private static final int SHUFFLE_LANES = 32;

  private LaneRules() {}

  static void check(WasmOp op, InstructionReader reader) {
    if (op.immediate() == Immediate.SHUFFLE) {
      checkShuffle(reader.i64(), reader);
      checkShuffle(reader.i64High(), reader);
    } else if (reader.i32() >= lanes(op)) {
      throw invalidLane(reader.i32(), reader);
    }
  }

  private static void checkShuffle(long lanes, InstructionReader reader) {
    for (int shift = 0; shift < 64; shift += 8) {
      int lane = (int) (lanes >>> shift) & 0xFF;
      if (lane >= SHUFFLE_LANES) {
        throw invalidLane(lane, reader);
      }
    }
  }

  // The shape is the mnemonic's first part: i8x16, f64x2, ...
  private static int lanes(WasmOp op) {
    String mnemonic = op.mnemonic();
    return Integer.parseInt(mnemonic.substring(mnemonic.indexOf('x') + 1, mnemonic.indexOf('.')));
  }

  static InvalidException invalidLane(int lane, InstructionReader reader) {
    return new InvalidException("invalid lane index " + lane, reader.offset());
  }
}
