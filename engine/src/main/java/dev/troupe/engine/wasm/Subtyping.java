package dev.troupe.engine.wasm;

/**
 * Subtyping of value types (section 3.3), on {@linkplain ValType#code() codes} whose type indexes
 * are canonical. Declared types form trees; matching walks up, as far as {@link
 * WasmLimits#maxSubtypeDepth} at most.
 */
public final class Subtyping {
  private Subtyping() {}

  /** Whether a value of type {@code actual} may stand where {@code expected} is asked for. */
  public static boolean matches(int actual, int expected, TypeHierarchy types) {
    if (actual == expected) {
      return true;
    }
    if (!RefType.isReference(actual) || !RefType.isReference(expected)) {
      return false;
    }
    return (!RefType.isNullable(actual) || RefType.isNullable(expected))
        && heapMatches(actual, expected, types);
  }

  /** The same for what two reference types refer to, whether nullable or not. */
  public static boolean heapMatches(int actual, int expected, TypeHierarchy types) {
    boolean concrete = RefType.isConcrete(actual);
    if (RefType.isConcrete(expected)) {
      int wanted = RefType.typeIndex(expected);
      return concrete
          ? isSubtype(RefType.typeIndex(actual), wanted, types)
          : RefType.abstractHeap(actual) == bottomOf(types.kindOf(wanted));
    }
    AbstractHeapType wanted = RefType.abstractHeap(expected);
    return isSubtype(
        concrete ? kindOf(types.kindOf(RefType.typeIndex(actual))) : RefType.abstractHeap(actual),
        wanted);
  }

  /** Whether the declared type {@code type} is {@code wanted} or extends it. */
  public static boolean isSubtype(int type, int wanted, TypeHierarchy types) {
    for (int at = type; at != SubType.NO_SUPERTYPE; at = types.supertypeOf(at)) {
      if (at == wanted) {
        return true;
      }
    }
    return false;
  }

  /** Whether the abstract heap type {@code type} is {@code wanted} or below it. */
  public static boolean isSubtype(AbstractHeapType type, AbstractHeapType wanted) {
    if (type == wanted) {
      return true;
    }
    return switch (wanted) {
      case ANY -> topOf(type) == AbstractHeapType.ANY;
      case EQ -> topOf(type) == AbstractHeapType.ANY && type != AbstractHeapType.ANY;
      case I31, STRUCT, ARRAY -> type == AbstractHeapType.NONE;
      case FUNC -> type == AbstractHeapType.NO_FUNC;
      case EXTERN -> type == AbstractHeapType.NO_EXTERN;
      case EXN -> type == AbstractHeapType.NO_EXN;
      case NONE, NO_FUNC, NO_EXTERN, NO_EXN -> false;
    };
  }

  /** The greatest type of the hierarchy that a reference type belongs to. */
  public static AbstractHeapType topOf(int reference, TypeHierarchy types) {
    return topOf(
        RefType.isConcrete(reference)
            ? kindOf(types.kindOf(RefType.typeIndex(reference)))
            : RefType.abstractHeap(reference));
  }

  /** The greatest type of the hierarchy that {@code type} belongs to. */
  public static AbstractHeapType topOf(AbstractHeapType type) {
    return switch (type) {
      case FUNC, NO_FUNC -> AbstractHeapType.FUNC;
      case EXTERN, NO_EXTERN -> AbstractHeapType.EXTERN;
      case EXN, NO_EXN -> AbstractHeapType.EXN;
      case ANY, EQ, I31, STRUCT, ARRAY, NONE -> AbstractHeapType.ANY;
    };
  }

  /** The abstract type of which all declared types of a kind are subtypes. */
  public static AbstractHeapType kindOf(CompositeType.Kind kind) {
    return switch (kind) {
      case FUNC -> AbstractHeapType.FUNC;
      case STRUCT -> AbstractHeapType.STRUCT;
      case ARRAY -> AbstractHeapType.ARRAY;
    };
  }

  private static AbstractHeapType bottomOf(CompositeType.Kind kind) {
    return kind == CompositeType.Kind.FUNC ? AbstractHeapType.NO_FUNC : AbstractHeapType.NONE;
  }
}
