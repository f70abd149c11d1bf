package dev.troupe.engine.wasm;

import org.jspecify.annotations.Nullable;

/** Reads types (section 5.3) and checks that the features they need are on. */
public final class TypeReader {
  private static final int REF_NULL = 0x63;
  private static final int REF = 0x64;

  private final WasmReader in;
  private final WasmFeatures features;

  public TypeReader(WasmReader in, WasmFeatures features) {
    this.in = in;
    this.features = features;
  }

  /** A value type. */
  public ValType valType() {
    int start = in.position();
    int b = in.u8();
    ValType number = numberOrVector(b);
    if (number != null) {
      if (number == VecType.V128) {
        require(WasmFeature.SIMD, "v128", start);
      }
      return number;
    }
    RefType reference = referenceAfter(b, start);
    if (reference == null) {
      throw new MalformedException("malformed value type", start);
    }
    return reference;
  }

  /** A reference type. */
  public RefType refType() {
    int start = in.position();
    RefType reference = referenceAfter(in.u8(), start);
    if (reference == null) {
      throw new MalformedException("malformed reference type", start);
    }
    return reference;
  }

  /** A heap type: an abstract kind or a type index. */
  public HeapType heapType() {
    int start = in.position();
    AbstractHeapType kind = AbstractHeapType.ofBinaryCode(in.peek());
    if (kind != null) {
      in.skip(1);
      requireKind(kind, start);
      return kind;
    }
    long value = in.s33();
    if (value < 0) {
      throw new MalformedException("malformed heap type", start);
    }
    require(WasmFeature.FUNCTION_REFERENCES, "type index in a reference", start);
    if (value > ConcreteHeapType.MAX_TYPE_INDEX) {
      throw new InvalidException("unknown type " + value, start);
    }
    return new ConcreteHeapType((int) value);
  }

  private static @Nullable ValType numberOrVector(int b) {
    return switch (b) {
      case 0x7F -> NumType.I32;
      case 0x7E -> NumType.I64;
      case 0x7D -> NumType.F32;
      case 0x7C -> NumType.F64;
      case 0x7B -> VecType.V128;
      default -> null;
    };
  }

  private @Nullable RefType referenceAfter(int b, int start) {
    if (b == REF || b == REF_NULL) {
      require(WasmFeature.FUNCTION_REFERENCES, "reference type", start);
      return new RefType(b == REF_NULL, heapType());
    }
    AbstractHeapType kind = AbstractHeapType.ofBinaryCode(b);
    if (kind == null) {
      return null;
    }
    requireKind(kind, start);
    return switch (kind) {
      case FUNC -> RefType.FUNCREF;
      case EXTERN -> RefType.EXTERNREF;
      case ANY, EQ, I31, STRUCT, ARRAY, EXN, NO_EXN, NO_FUNC, NO_EXTERN, NONE ->
          new RefType(true, kind);
    };
  }

  private void requireKind(AbstractHeapType kind, int start) {
    switch (kind) {
      // A table of funcref exists since 1.0, so only the decoder of other places may ask for more.
      case FUNC -> {}
      case EXTERN -> require(WasmFeature.REFERENCE_TYPES, "externref", start);
      case EXN, NO_EXN -> require(WasmFeature.EXCEPTIONS, kind.text(), start);
      case NO_FUNC, NO_EXTERN -> require(WasmFeature.FUNCTION_REFERENCES, kind.text(), start);
      case ANY, EQ, I31, STRUCT, ARRAY, NONE -> require(WasmFeature.GC, kind.text(), start);
    }
  }

  private void require(WasmFeature feature, String what, int start) {
    if (!features.contains(feature)) {
      throw new FeatureDisabledException(feature, what, start);
    }
  }
}
