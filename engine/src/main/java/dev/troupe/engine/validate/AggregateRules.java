package dev.troupe.engine.validate;

import static dev.troupe.engine.validate.TypeCodes.I32;

import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;

/** Struct and array instructions (section 3.4.5). */
final class AggregateRules {
  private final ModuleContext context;
  private final InstructionReader reader;
  private final OperandStack operands;

  AggregateRules(ModuleContext context, InstructionReader reader, OperandStack operands) {
    this.context = context;
    this.reader = reader;
    this.operands = operands;
  }

  void check(WasmOp op) {
    int type = reader.index();
    switch (op) {
      case STRUCT_NEW -> {
        List<FieldType> fields = struct(type).fields();
        for (int i = fields.size() - 1; i >= 0; i--) {
          operands.pop(value(fields.get(i)));
        }
        push(type);
      }
      case STRUCT_NEW_DEFAULT -> {
        if (!struct(type).fields().stream().allMatch(FieldType::isDefaultable)) {
          throw invalid("type mismatch: a field has no default value");
        }
        push(type);
      }
      case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> {
        FieldType field = field(type);
        requireExtension(field, op != WasmOp.STRUCT_GET);
        popReference(type);
        operands.push(value(field));
      }
      case STRUCT_SET -> {
        FieldType field = field(type);
        requireMutable(field, "immutable field");
        operands.pop(value(field));
        popReference(type);
      }
      default -> array(op, type);
    }
  }

  private void array(WasmOp op, int type) {
    FieldType element = element(type);
    switch (op) {
      case ARRAY_NEW -> {
        operands.pop(I32);
        operands.pop(value(element));
        push(type);
      }
      case ARRAY_NEW_DEFAULT -> {
        requireDefault(element);
        operands.pop(I32);
        push(type);
      }
      case ARRAY_NEW_FIXED -> {
        newFixed(element, reader.index2());
        push(type);
      }
      case ARRAY_NEW_DATA -> {
        requireData(element);
        operands.pop(I32);
        operands.pop(I32);
        push(type);
      }
      case ARRAY_NEW_ELEM -> {
        requireElements(element);
        operands.pop(I32);
        operands.pop(I32);
        push(type);
      }
      case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> {
        requireExtension(element, op != WasmOp.ARRAY_GET);
        operands.pop(I32);
        popReference(type);
        operands.push(value(element));
      }
      default -> write(op, type, element);
    }
  }

  private void write(WasmOp op, int type, FieldType element) {
    requireMutable(element, "immutable array");
    switch (op) {
      case ARRAY_SET -> {
        operands.pop(value(element));
        operands.pop(I32);
      }
      case ARRAY_FILL -> {
        operands.pop(I32);
        operands.pop(value(element));
        operands.pop(I32);
      }
      case ARRAY_COPY -> {
        int source = reader.index2();
        if (!storageMatches(element(source).storage(), element.storage())) {
          throw invalid("array types do not match");
        }
        operands.pop(I32);
        operands.pop(I32);
        popReference(source);
        operands.pop(I32);
      }
      case ARRAY_INIT_DATA -> {
        requireData(element);
        operands.pop(I32);
        operands.pop(I32);
        operands.pop(I32);
      }
      case ARRAY_INIT_ELEM -> {
        requireElements(element);
        operands.pop(I32);
        operands.pop(I32);
        operands.pop(I32);
      }
      default -> throw new IllegalStateException("no rule for " + op.mnemonic());
    }
    popReference(type);
  }

  // The count is the module's word: popping stops at the first operand that is missing, and in
  // unreachable code, where none is ever missing, the rest is not looked at.
  private void newFixed(FieldType element, int count) {
    int type = value(element);
    for (long i = Integer.toUnsignedLong(count); i > 0; i--) {
      if (operands.isUnreachable() && operands.isAtBase()) {
        return;
      }
      operands.pop(type);
    }
  }

  private void requireDefault(FieldType element) {
    if (!element.isDefaultable()) {
      throw invalid("type mismatch: array elements have no default value");
    }
  }

  private void requireExtension(FieldType field, boolean extending) {
    if (field.storage() instanceof PackedType != extending) {
      throw invalid("field is " + (extending ? "unpacked" : "packed"));
    }
  }

  private void requireMutable(FieldType field, String message) {
    if (!field.mutable()) {
      throw invalid(message);
    }
  }

  private void requireData(FieldType element) {
    if (element.storage() instanceof ValType type && type.isReference()) {
      throw invalid("array type is not numeric or vector");
    }
    if (context.module.dataCount() == WasmModule.NO_DATA_COUNT) {
      throw new MalformedException("data count section required", reader.offset());
    }
    requireIndex("data segment", reader.index2(), context.module.dataCount());
  }

  private void requireElements(FieldType element) {
    int segment = reader.index2();
    requireIndex("elem segment", segment, context.elementTypes.length);
    if (!context.matches(context.elementTypes[segment], value(element))) {
      throw operands.mismatch(
          TypeCodes.text(value(element)), TypeCodes.text(context.elementTypes[segment]));
    }
  }

  private void requireIndex(String what, int index, int count) {
    if (Integer.compareUnsigned(index, count) >= 0) {
      throw invalid("unknown " + what + " " + Integer.toUnsignedString(index));
    }
  }

  private boolean storageMatches(StorageType actual, StorageType expected) {
    return switch (actual) {
      case PackedType packed -> packed == expected;
      case ValType value ->
          expected instanceof ValType wanted
              && context.matches(context.code(value), context.code(wanted));
    };
  }

  private StructType struct(int type) {
    requireIndex("type", type, context.typeParams.length);
    if (context.module.compositeType(type) instanceof StructType struct) {
      return struct;
    }
    throw operands.mismatch("a struct type", "type " + type);
  }

  private FieldType element(int type) {
    requireIndex("type", type, context.typeParams.length);
    if (context.module.compositeType(type) instanceof ArrayType array) {
      return array.element();
    }
    throw operands.mismatch("an array type", "type " + type);
  }

  private FieldType field(int type) {
    List<FieldType> fields = struct(type).fields();
    requireIndex("field", reader.index2(), fields.size());
    return fields.get(reader.index2());
  }

  /** The type of the values of a field. */
  private int value(FieldType field) {
    return context.code(field.storage().unpacked());
  }

  private void push(int type) {
    operands.push(TypeCodes.reference(context.types.indexOf(type), false));
  }

  private void popReference(int type) {
    operands.pop(TypeCodes.reference(context.types.indexOf(type), true));
  }

  private InvalidException invalid(String text) {
    return new InvalidException(text, reader.offset());
  }
}
