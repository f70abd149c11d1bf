package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.CanonicalTypes;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.SubtypeRules;
import dev.troupe.engine.wasm.TypeSection;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmLimits;
import java.util.ArrayList;
import java.util.List;

/** The type section as protobuf message {@code dev.troupe.artifact.v1.ModuleTypes}. */
final class ModuleTypesCodec {
  private ModuleTypesCodec() {}

  static byte[] encode(TypeSection types) {
    WireWriter out = new WireWriter();
    for (int group = 0; group < types.groupCount(); group++) {
      int start = types.groupStart(group);
      int end = types.groupEnd(group);
      for (int type = start; type < end; type++) {
        out.message(1, encode(types.get(type), type == start ? end - start - 1 : 0));
      }
    }
    return out.toByteArray();
  }

  private static WireWriter encode(SubType type, int followers) {
    WireWriter message = new WireWriter();
    // Not over patterns, for which the JVM generates a class at every start.
    switch (type.composite().compositeKind()) {
      case FUNC -> {
        FuncType function = (FuncType) type.composite();
        WireWriter body = new WireWriter();
        body.packed(1, codes(function.params()));
        body.packed(2, codes(function.results()));
        message.message(1, body);
      }
      case STRUCT -> message.message(2, fields(((StructType) type.composite()).fields()));
      case ARRAY -> {
        ArrayType array = (ArrayType) type.composite();
        message.message(3, fields(List.of(array.element())));
      }
    }
    message.uint(4, followers);
    message.bool(5, !type.isFinal());
    message.uint(6, type.supertype() + 1L);
    return message;
  }

  private static int[] codes(List<? extends ValType> types) {
    return types.stream().mapToInt(ValType::code).toArray();
  }

  private static WireWriter fields(List<FieldType> fields) {
    WireWriter out = new WireWriter();
    out.packed(1, fields.stream().mapToInt(field -> field.storage().code()).toArray());
    out.packed(2, fields.stream().mapToInt(field -> field.mutable() ? 1 : 0).toArray());
    return out;
  }

  static TypeSection decode(byte[] bytes) {
    WireReader in = new WireReader(bytes, ArtifactSection.TYPES.sectionName());
    TypeSection.Builder types = new TypeSection.Builder();
    List<SubType> group = new ArrayList<>();
    int missing = 0;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field != 1) {
        throw in.unknownField(field);
      }
      WireReader message = in.message();
      Entry entry = decodeType(message);
      if (missing == 0) {
        missing = entry.followers() + 1;
      } else if (entry.followers() != 0) {
        throw message.corrupt("a recursion group within another");
      }
      group.add(entry.type());
      if (--missing == 0) {
        types.addGroup(group);
        group.clear();
      }
    }
    if (missing != 0) {
      throw in.corrupt("a recursion group without its end");
    }
    TypeSection section = types.build();
    checkReferences(in, section);
    return section;
  }

  private record Entry(SubType type, int followers) {}

  private static Entry decodeType(WireReader in) {
    CompositeType composite =
        switch (in.nextField()) {
          case 1 -> decodeFunction(in.message());
          case 2 -> new StructType(decodeFields(in.message()));
          case 3 -> decodeArray(in.message());
          default -> throw in.corrupt("a type of no kind");
        };
    int followers = 0;
    boolean open = false;
    int supertype = SubType.NO_SUPERTYPE;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 4 -> followers = in.uint31();
        case 5 -> open = in.bool();
        case 6 -> supertype = in.uint31() - 1;
        default -> throw in.unknownField(field);
      }
    }
    return new Entry(new SubType(!open, supertype, composite), followers);
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

  private static CompositeType decodeArray(WireReader in) {
    List<FieldType> fields = decodeFields(in);
    if (fields.size() != 1) {
      throw in.corrupt("an array with " + fields.size() + " kinds of elements");
    }
    return new ArrayType(fields.getFirst());
  }

  private static List<FieldType> decodeFields(WireReader in) {
    int[] storage = {};
    int[] mutable = {};
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> storage = in.packed();
        case 2 -> mutable = in.packed();
        default -> throw in.unknownField(field);
      }
    }
    if (storage.length != mutable.length) {
      throw in.corrupt("fields without mutability");
    }
    List<FieldType> fields = new ArrayList<>(storage.length);
    for (int i = 0; i < storage.length; i++) {
      fields.add(new FieldType(storageType(in, storage[i]), mutable[i] == 1));
    }
    return fields;
  }

  // What the registry of types relies on: references backwards or into the same group, and trees of
  // bounded depth.
  private static void checkReferences(WireReader in, TypeSection types) {
    int[] depths = new int[types.size()];
    for (int group = 0; group < types.groupCount(); group++) {
      int end = types.groupEnd(group);
      for (int i = types.groupStart(group); i < end; i++) {
        SubType type = types.get(i);
        checkReferences(in, type.composite(), end);
        if (!type.hasSupertype()) {
          continue;
        }
        if (type.supertype() >= i) {
          throw in.corrupt("supertype " + type.supertype() + " of type " + i);
        }
        SubType supertype = types.get(type.supertype());
        depths[i] = depths[type.supertype()] + 1;
        if (supertype.isFinal()
            || supertype.composite().compositeKind() != type.composite().compositeKind()
            || depths[i] > WasmLimits.DEFAULT.maxSubtypeDepth()) {
          throw in.corrupt("type " + i + " cannot extend type " + type.supertype());
        }
      }
    }
    checkSupertypes(in, types);
  }

  // Compiled code reads the fields of a type from the objects of every type that extends it.
  private static void checkSupertypes(WireReader in, TypeSection types) {
    SubtypeRules rules = new SubtypeRules(new CanonicalTypes(types));
    for (int i = 0; i < types.size(); i++) {
      SubType type = types.get(i);
      if (type.hasSupertype()
          && !rules.matches(type.composite(), types.get(type.supertype()).composite())) {
        throw in.corrupt("type " + i + " does not fit its supertype " + type.supertype());
      }
    }
  }

  private static void checkReferences(WireReader in, CompositeType type, int end) {
    type.parts().forEach(part -> requireConcrete(in, part.unpacked(), end));
  }

  /** The value type with this code. */
  static ValType valType(WireReader in, int code) {
    if (storageType(in, code) instanceof ValType type) {
      return type;
    }
    throw in.corrupt("value type code " + code);
  }

  private static StorageType storageType(WireReader in, int code) {
    try {
      StorageType type = StorageType.ofCode(code);
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

  /** A type index inside {@code type} must exist. */
  static void requireConcrete(WireReader in, ValType type, int typeCount) {
    int code = type.code();
    if (RefType.isReference(code)
        && RefType.isConcrete(code)
        && RefType.typeIndex(code) >= typeCount) {
      throw in.corrupt("type index " + RefType.typeIndex(code));
    }
  }
}
