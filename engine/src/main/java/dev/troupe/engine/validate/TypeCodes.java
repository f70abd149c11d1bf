package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.Subtyping;
import dev.troupe.engine.wasm.TypeHierarchy;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.List;

/**
 * Value types as ints: {@link ValType#code()} with {@linkplain
 * dev.troupe.engine.wasm.CanonicalTypes canonical} type indexes, and two more for values of unknown
 * type.
 */
final class TypeCodes {
  /** The type of values popped from the polymorphic stack of unreachable code. Matches all. */
  static final int BOTTOM = 0;

  /**
   * The type of a reference of which only unreachable code could tell more, known not to be null.
   * Matches all reference types.
   */
  static final int ANY_REFERENCE = RefType.REFERENCE_BIT | 0xFFFF;

  static final int I32 = NumType.I32.code();
  static final int I64 = NumType.I64.code();
  static final int V128 = VecType.V128.code();
  static final int EQREF = reference(AbstractHeapType.EQ, true);
  static final int FUNCREF = RefType.FUNCREF.code();

  static final int[] NONE = {};

  private TypeCodes() {}

  /** The codes of types that name no declared ones. */
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

  /** Whether a value of type {@code actual} may stand where {@code expected} is asked for. */
  static boolean matches(int actual, int expected, TypeHierarchy types) {
    return actual == expected
        || actual == BOTTOM
        || (actual == ANY_REFERENCE
            ? isReference(expected)
            : Subtyping.matches(actual, expected, types));
  }

  /** The code of an abstract reference type. */
  static int reference(AbstractHeapType heap, boolean nullable) {
    return new RefType(nullable, heap).code();
  }

  /** The code of a reference to a declared type, by canonical index. */
  static int reference(int type, boolean nullable) {
    return new RefType(nullable, new ConcreteHeapType(type)).code();
  }

  static String text(int code) {
    if (code == ANY_REFERENCE) {
      return "a reference";
    }
    return code == BOTTOM ? "unknown" : ValType.ofCode(code).text();
  }
}
