package dev.troupe.gateway.cli;

import dev.troupe.engine.ExportType;
import dev.troupe.engine.Module;
import dev.troupe.engine.Value;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exported function that a command line means, and its arguments and results as text.
 *
 * @param name of the export
 * @param type of the function
 */
record EntryPoint(String name, FuncType type) {
  /** What a WASI command exports. */
  static final String COMMAND = "_start";

  /** What a WASI reactor exports, to be called before anything else. */
  static final String INITIALIZE = "_initialize";

  /**
   * The function that is named, or else {@code _start}, {@code main} or the only one.
   *
   * @param wanted the name that the user gave, or null
   * @return null when the module exports no function and none was asked for
   */
  static @Nullable EntryPoint of(Module module, @Nullable String wanted) throws UsageException {
    List<EntryPoint> functions = new ArrayList<>();
    for (ExportType export : module.exports()) {
      if (export.type() instanceof FuncType type) {
        functions.add(new EntryPoint(export.name(), type));
      }
    }
    List<String> candidates = wanted == null ? List.of(COMMAND, "main") : List.of(wanted);
    for (String candidate : candidates) {
      for (EntryPoint function : functions) {
        if (function.name().equals(candidate)) {
          return function;
        }
      }
    }
    List<EntryPoint> choice =
        functions.stream().filter(function -> !function.name().equals(INITIALIZE)).toList();
    if (wanted == null && choice.size() <= 1) {
      return choice.isEmpty() ? functions.stream().findFirst().orElse(null) : choice.getFirst();
    }
    String names =
        functions.isEmpty()
            ? "no function"
            : String.join(", ", functions.stream().map(EntryPoint::name).toList());
    throw new UsageException(
        wanted == null
            ? "the module exports " + names + ": name one with --invoke"
            : "the module exports no function '" + wanted + "', only " + names);
  }

  /** Whether it is the entry of a WASI command, whose arguments are not the function's. */
  boolean isCommand() {
    return name.equals(COMMAND) && type.paramCount() == 0;
  }

  /** Whether the module is a reactor that must be initialized before this function is called. */
  boolean needsInitialization(Module module) {
    for (ExportType export : module.exports()) {
      if (export.name().equals(INITIALIZE)
          && export.type() instanceof FuncType type
          && type.paramCount() == 0
          && type.resultCount() == 0) {
        return !isCommand() && !name.equals(INITIALIZE);
      }
    }
    return false;
  }

  /** The arguments as the function takes them. */
  List<Value> values(List<String> arguments) throws UsageException, ValueText.BadValueException {
    if (type.paramCount() != arguments.size()) {
      throw new UsageException(
          name
              + " takes "
              + type.paramCount()
              + " arguments and "
              + arguments.size()
              + " were given");
    }
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      values.add(value(type.params().get(i), arguments.get(i)));
    }
    return values;
  }

  private static Value value(ValType type, String text)
      throws UsageException, ValueText.BadValueException {
    return switch (type) {
      case NumType number ->
          switch (number) {
            case I32 -> Value.i32(ValueText.parseI32(text));
            case I64 -> Value.i64(ValueText.parseI64(text));
            case F32 -> Value.f32(ValueText.parseF32(text));
            case F64 -> Value.f64(ValueText.parseF64(text));
          };
      case VecType vector ->
          throw new UsageException("a v128 argument cannot be given on a command line");
      case RefType reference -> {
        if (text.equals("null")) {
          yield Value.nullOf(reference);
        }
        throw new UsageException("the only " + reference.text() + " on a command line is null");
      }
    };
  }

  /** A result as text. */
  static String print(Value value) {
    return switch (value) {
      case Value.I32 number -> Integer.toString(number.value());
      case Value.I64 number -> Long.toString(number.value());
      case Value.F32 number -> ValueText.print(Float.intBitsToFloat(number.bits()));
      case Value.F64 number -> ValueText.print(Double.longBitsToDouble(number.bits()));
      case Value.V128 vector -> String.format("0x%016x%016x", vector.high(), vector.low());
      case Value.FuncRef reference -> reference.func() == null ? "null" : "funcref";
      case Value.ExnRef reference -> reference.exception() == null ? "null" : "exnref";
      case Value.Any reference -> reference.reference() == null ? "null" : "anyref";
      case Value.Extern reference -> reference.reference() == null ? "null" : "externref";
    };
  }
}
