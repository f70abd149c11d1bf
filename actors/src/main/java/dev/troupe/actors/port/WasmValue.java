package dev.troupe.actors.port;

import java.util.List;

/** A number of core WebAssembly. */
public sealed interface WasmValue {

  /** Its type. */
  WasmType type();

  /** Bytes of all values together: 4 or 8 for each. */
  static long byteCount(List<WasmValue> values) {
    long sum = 0;
    for (WasmValue value : values) {
      sum +=
          switch (value) {
            case I32 _, F32 _ -> Integer.BYTES;
            case I64 _, F64 _ -> Long.BYTES;
          };
    }
    return sum;
  }

  /** 32-bit integer. */
  record I32(int value) implements WasmValue {
    @Override
    public WasmType type() {
      return WasmType.I32;
    }
  }

  /** 64-bit integer. */
  record I64(long value) implements WasmValue {
    @Override
    public WasmType type() {
      return WasmType.I64;
    }
  }

  /** 32-bit float; the bits of a NaN are kept. */
  record F32(float value) implements WasmValue {
    @Override
    public WasmType type() {
      return WasmType.F32;
    }
  }

  /** 64-bit float; the bits of a NaN are kept. */
  record F64(double value) implements WasmValue {
    @Override
    public WasmType type() {
      return WasmType.F64;
    }
  }
}
