package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import java.util.ArrayList;
import java.util.List;

/** The type section as protobuf message {@code dev.troupe.artifact.v1.ModuleTypes}. */
final class ModuleTypesCodec {
  private ModuleTypesCodec() {}

  static byte[] encode(List<CompositeType> types) {
    WireWriter out = new WireWriter();
    for (CompositeType type : types) {
      WireWriter message = new WireWriter();
      switch (type) {
        case FuncType function -> {
          WireWriter body = new WireWriter();
          body.packed(1, codes(function.params()));
          body.packed(2, codes(function.results()));
          message.message(1, body);
        }
      }
      out.message(1, message);
    }
    return out.toByteArray();
  }

  private static int[] codes(List<ValType> types) {
    int[] codes = new int[types.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = types.get(i).code();
    }
    return codes;
  }

  static List<CompositeType> decode(byte[] bytes) {
    WireReader in = new WireReader(bytes, ArtifactSection.TYPES.sectionName());
    List<CompositeType> types = new ArrayList<>();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field != 1) {
        throw in.unknownField(field);
      }
      WireReader type = in.message();
      if (type.nextField() != 1) {
        throw type.corrupt("a type that is no function type");
      }
      types.add(decodeFunction(type.message()));
      if (type.nextField() != 0) {
        throw type.corrupt("a type of two kinds");
      }
    }
    for (CompositeType type : types) {
      switch (type) {
        case FuncType function -> {
          requireConcrete(in, function.params(), types.size());
          requireConcrete(in, function.results(), types.size());
        }
      }
    }
    return types;
  }

  private static FuncType decodeFunction(WireReader in) {
    List<ValType> params = List.of();
    List<ValType> results = List.of();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> params = decode(in);
        case 2 -> results = decode(in);
        default -> throw in.unknownField(field);
      }
    }
    return new FuncType(params, results);
  }

  private static List<ValType> decode(WireReader in) {
    List<ValType> types = new ArrayList<>();
    for (int code : in.packed()) {
      types.add(valType(in, code));
    }
    return types;
  }

  /** The value type with this code. */
  static ValType valType(WireReader in, int code) {
    try {
      ValType type = ValType.ofCode(code);
      if (type.code() == code) {
        return type;
      }
    } catch (IllegalArgumentException e) {
      // Reported below.
    }
    throw in.corrupt("value type code " + code);
  }

  /** The reference type with this code. */
  static RefType refType(WireReader in, int code) {
    if (valType(in, code) instanceof RefType type) {
      return type;
    }
    throw in.corrupt("reference type code " + code);
  }

  private static void requireConcrete(WireReader in, List<ValType> used, int typeCount) {
    for (ValType type : used) {
      requireConcrete(in, type, typeCount);
    }
  }

  /** A type index inside {@code type} must exist. */
  static void requireConcrete(WireReader in, ValType type, int typeCount) {
    if (type instanceof RefType reference) {
      switch (reference.heap()) {
        case ConcreteHeapType concrete -> {
          if (concrete.typeIndex() >= typeCount) {
            throw in.corrupt("type index " + concrete.typeIndex());
          }
        }
        case AbstractHeapType ignored -> {
          return;
        }
      }
    }
  }
}
