package dev.troupe.engine.decode;

import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TypeReader;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmReader;
import java.util.ArrayList;
import java.util.List;

/** Reads the types of functions, tables, memories and globals (section 5.3). */
final class DefinitionReader {
  private static final int FUNC = 0x60;
  private static final int STRUCT = 0x5F;
  private static final int ARRAY = 0x5E;
  private static final int REC = 0x4E;
  private static final int SUB_FINAL = 0x4F;
  private static final int SUB = 0x50;

  private static final int HAS_MAX = 1;
  private static final int SHARED = 2;
  private static final int IS_64 = 4;
  private static final int HAS_PAGE_SIZE = 8;
  private static final int MEMORY_FLAGS = HAS_MAX | SHARED | IS_64;

  private final WasmReader in;
  private final WasmFeatures features;
  private final WasmLimits limits;
  private final TypeReader types;

  DefinitionReader(WasmReader in, WasmFeatures features, WasmLimits limits) {
    this.in = in;
    this.features = features;
    this.limits = limits;
    this.types = new TypeReader(in, features);
  }

  ValType valType() {
    return types.valType();
  }

  RefType refType() {
    return types.refType();
  }

  /** An entry of the type section: a recursion group, or one type, which is a group by itself. */
  List<SubType> typeGroup() {
    int start = in.position();
    if (in.peek() != REC) {
      return List.of(subType());
    }
    in.skip(1);
    int count = in.length();
    if (count > limits.maxTypes()) {
      throw new LimitExceededException("too many types", count, limits.maxTypes(), start);
    }
    List<SubType> group = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      group.add(subType());
    }
    require(WasmFeature.FUNCTION_REFERENCES, "recursion group", start);
    return group;
  }

  private SubType subType() {
    int start = in.position();
    int form = in.peek();
    if (form != SUB && form != SUB_FINAL) {
      return SubType.of(compositeType());
    }
    in.skip(1);
    int count = in.length();
    int supertype = SubType.NO_SUPERTYPE;
    for (int i = 0; i < count; i++) {
      supertype = in.u32();
    }
    CompositeType composite = compositeType();
    require(WasmFeature.FUNCTION_REFERENCES, "subtype", start);
    if (count > 1) {
      throw new InvalidException("sub type must not have more than one supertype", start);
    }
    if (count == 1 && Integer.compareUnsigned(supertype, ConcreteHeapType.MAX_TYPE_INDEX) > 0) {
      throw new InvalidException("unknown type " + Integer.toUnsignedString(supertype), start);
    }
    return new SubType(form == SUB_FINAL, supertype, composite);
  }

  private CompositeType compositeType() {
    int start = in.position();
    int form = in.u8();
    // Types are read to the end so that malformed bytes are not mistaken for a disabled feature.
    switch (form) {
      case FUNC -> {
        return funcType();
      }
      case ARRAY -> {
        FieldType element = fieldType();
        require(WasmFeature.GC, "array type", start);
        return new ArrayType(element);
      }
      case STRUCT -> {
        int count = in.length();
        if (count > limits.maxFields()) {
          throw new LimitExceededException("too many fields", count, limits.maxFields(), start);
        }
        List<FieldType> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          fields.add(fieldType());
        }
        require(WasmFeature.GC, "struct type", start);
        return new StructType(fields);
      }
      // The form is a one-byte signed LEB128.
      default ->
          throw new MalformedException(
              form >= 0x80 ? "integer representation too long" : "malformed type definition",
              start);
    }
  }

  private void require(WasmFeature feature, String what, int start) {
    if (!features.contains(feature)) {
      throw new FeatureDisabledException(feature, what, start);
    }
  }

  private FieldType fieldType() {
    return new FieldType(storageType(), mutability());
  }

  private StorageType storageType() {
    int storage = in.peek();
    if (storage == PackedType.I8.binaryCode() || storage == PackedType.I16.binaryCode()) {
      in.skip(1);
      return storage == PackedType.I8.binaryCode() ? PackedType.I8 : PackedType.I16;
    }
    return types.valType();
  }

  private FuncType funcType() {
    List<ValType> params = resultType("parameters", limits.maxParams());
    int start = in.position();
    List<ValType> results = resultType("results", limits.maxResults());
    if (results.size() > 1 && !features.contains(WasmFeature.MULTI_VALUE)) {
      throw new FeatureDisabledException(WasmFeature.MULTI_VALUE, "several results", start);
    }
    return new FuncType(params, results);
  }

  private List<ValType> resultType(String what, int limit) {
    int start = in.position();
    int count = in.length();
    if (count > limit) {
      throw new LimitExceededException("too many " + what, count, limit, start);
    }
    List<ValType> result = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      result.add(types.valType());
    }
    return result;
  }

  TableType tableType() {
    RefType element = types.refType();
    Limits size = limits(HAS_MAX | IS_64);
    return new TableType(element, size);
  }

  MemoryType memoryType() {
    int start = in.position();
    boolean pageSizes = features.contains(WasmFeature.CUSTOM_PAGE_SIZES);
    if (!in.atEnd() && (in.peek() & ~MEMORY_FLAGS) == HAS_PAGE_SIZE && !pageSizes) {
      // Malformed says the specification, which does not know the feature.
      throw new MalformedException("malformed limits flags", WasmFeature.CUSTOM_PAGE_SIZES, start);
    }
    Limits size = limits(MEMORY_FLAGS | HAS_PAGE_SIZE);
    boolean shared = lastLimitsWereShared;
    if (shared && !features.contains(WasmFeature.THREADS)) {
      throw new FeatureDisabledException(WasmFeature.THREADS, "shared memory", start);
    }
    return new MemoryType(
        size, shared, lastLimitsHadPageSize ? pageSizeLog2() : MemoryType.PAGE_LOG2);
  }

  private int pageSizeLog2() {
    int start = in.position();
    int log2 = in.u32();
    if (log2 < 0 || log2 >= Long.SIZE) {
      throw new MalformedException("invalid custom page size", start);
    }
    return log2;
  }

  private boolean lastLimitsWereShared;
  private boolean lastLimitsHadPageSize;

  private Limits limits(int allowedFlags) {
    int start = in.position();
    int flags = in.u8();
    if ((flags & ~allowedFlags) != 0) {
      throw new MalformedException("malformed limits flags", start);
    }
    boolean is64 = (flags & IS_64) != 0;
    long min = in.u64();
    Long max = (flags & HAS_MAX) != 0 ? (Long) in.u64() : null;
    if (is64 && !features.contains(WasmFeature.MEMORY64)) {
      throw new FeatureDisabledException(WasmFeature.MEMORY64, "64-bit limits", start);
    }
    lastLimitsWereShared = (flags & SHARED) != 0;
    lastLimitsHadPageSize = (flags & HAS_PAGE_SIZE) != 0;
    return new Limits(min, max, is64);
  }

  GlobalType globalType() {
    ValType type = types.valType();
    return new GlobalType(type, mutability());
  }

  private boolean mutability() {
    int start = in.position();
    int mutable = in.u8();
    if (mutable > 1) {
      throw new MalformedException("malformed mutability", start);
    }
    return mutable == 1;
  }
}
