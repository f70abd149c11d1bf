package dev.troupe.engine.wasm;

/** A reference type (section 2.3.4). */
public record RefType(boolean nullable, HeapType heap) implements ValType {
  /** Set in the {@linkplain #code() code} of every reference type and of no other type. */
  public static final int REFERENCE_BIT = 1 << 30;

  private static final int NULLABLE_BIT = 1 << 29;
  private static final int CONCRETE_BIT = 1 << 28;
  private static final AbstractHeapType[] ABSTRACT = AbstractHeapType.values();

  /** {@code funcref}: a nullable reference to any function. */
  public static final RefType FUNCREF = new RefType(true, AbstractHeapType.FUNC);

  /** {@code externref}: a nullable reference to any host object. */
  public static final RefType EXTERNREF = new RefType(true, AbstractHeapType.EXTERN);

  @Override
  public int code() {
    int low =
        heap instanceof ConcreteHeapType concrete
            ? CONCRETE_BIT | concrete.typeIndex()
            : ((AbstractHeapType) heap).ordinal();
    return REFERENCE_BIT | (nullable ? NULLABLE_BIT : 0) | low;
  }

  /** The reference type with this {@linkplain #code() code}. */
  static RefType ofCode(int code) {
    if (code == FUNCREF.code()) {
      return FUNCREF;
    }
    if (code == EXTERNREF.code()) {
      return EXTERNREF;
    }
    boolean nullable = (code & NULLABLE_BIT) != 0;
    int low = code & (CONCRETE_BIT - 1);
    if ((code & CONCRETE_BIT) != 0) {
      return new RefType(nullable, new ConcreteHeapType(low));
    }
    if (low >= ABSTRACT.length) {
      throw new IllegalArgumentException("no value type has code " + code);
    }
    return new RefType(nullable, ABSTRACT[low]);
  }

  /** Whether this code is that of a reference type. */
  public static boolean isReference(int code) {
    return (code & REFERENCE_BIT) != 0;
  }

  /** Whether a reference type's code is that of a nullable one. */
  public static boolean isNullable(int code) {
    return (code & NULLABLE_BIT) != 0;
  }

  /** Whether a reference type's code names a declared type. */
  public static boolean isConcrete(int code) {
    return (code & CONCRETE_BIT) != 0;
  }

  /** The index of the declared type that a {@linkplain #isConcrete concrete} code names. */
  public static int typeIndex(int code) {
    return code & (CONCRETE_BIT - 1);
  }

  /** The heap type of a reference type's code that is not {@linkplain #isConcrete concrete}. */
  public static AbstractHeapType abstractHeap(int code) {
    return ABSTRACT[code & (CONCRETE_BIT - 1)];
  }

  /** A reference type's code, nullable or not as asked. */
  public static int withNullable(int code, boolean nullable) {
    return nullable ? code | NULLABLE_BIT : code & ~NULLABLE_BIT;
  }

  /** A {@linkplain #isConcrete concrete} code with another index. */
  public static int withIndex(int code, int typeIndex) {
    return code & -CONCRETE_BIT | typeIndex;
  }

  /** The same reference type, nullable or not as asked. */
  public RefType withNullable(boolean wanted) {
    return wanted == nullable ? this : new RefType(wanted, heap);
  }

  @Override
  public int sizeBytes() {
    return 8;
  }

  @Override
  public String text() {
    if (nullable && heap instanceof AbstractHeapType kind) {
      return shorthand(kind);
    }
    return "(ref " + (nullable ? "null " : "") + heap.text() + ")";
  }

  private static String shorthand(AbstractHeapType kind) {
    return switch (kind) {
      case NONE -> "nullref";
      case NO_FUNC -> "nullfuncref";
      case NO_EXTERN -> "nullexternref";
      case NO_EXN -> "nullexnref";
      case FUNC, EXTERN, ANY, EQ, I31, STRUCT, ARRAY, EXN -> kind.text() + "ref";
    };
  }

  @Override
  public String toString() {
    return text();
  }
}
