package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.List;

/** Value types as ints: {@link ValType#code()}, and one more for values of unknown type. */
final class TypeCodes {
  /** The type of values popped from the polymorphic stack of unreachable code. Matches all. */
  static final int BOTTOM = 0;

  static final int I32 = NumType.I32.code();
  static final int I64 = NumType.I64.code();
  static final int V128 = VecType.V128.code();
  static final int FUNCREF = RefType.FUNCREF.code();

  static final int[] NONE = {};

  private TypeCodes() {}

  static int[] of(List<ValType> types) {
    int[] codes = new int[types.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = types.get(i).code();
    }
    return codes;
  }

  static boolean isReference(int code) {
    return (code & RefType.REFERENCE_BIT) != 0;
  }

  /**
   * Whether a value of type {@code actual} may stand where {@code expected} is asked for. Without
   * typed function references that is equality; subtyping of references belongs here.
   */
  static boolean matches(int actual, int expected) {
    return actual == expected || actual == BOTTOM || expected == BOTTOM;
  }

  static String text(int code) {
    return code == BOTTOM ? "unknown" : ValType.ofCode(code).text();
  }
}
