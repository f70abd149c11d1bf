package dev.troupe.engine.oracle;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.SpecScripts;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the executable commands of an official script on the oracle. */
final class ScriptRunner {
  /** Added to the numbers of host references so that they are not null and not functions. */
  private static final long HOST_REFERENCES = 1L << 40;

  private final OracleStore store = new OracleStore();
  private final Map<String, OracleInstance> named = new HashMap<>();
  private final Map<String, OracleInstance> registered = new HashMap<>();
  private final Map<String, Object> spectest = new HashMap<>();
  private @Nullable OracleInstance current;
  private int passed;
  private final List<String> failures = new ArrayList<>();

  ScriptRunner() {
    for (String name : List.of("", "_i32", "_i64", "_f32", "_f64", "_i32_f32", "_f64_f64")) {
      spectest.put("print" + name, "");
    }
    spectest.put("global_i32", global(NumType.I32, 666));
    spectest.put("global_i64", global(NumType.I64, 666));
    spectest.put("global_f32", global(NumType.F32, Float.floatToRawIntBits(666.6f)));
    spectest.put("global_f64", global(NumType.F64, Double.doubleToRawLongBits(666.6)));
    spectest.put("table", new OracleTable(new TableType(RefType.FUNCREF, Limits.between(10, 20))));
    Limits limits64 = new Limits(10, 20L, true);
    spectest.put("table64", new OracleTable(new TableType(RefType.FUNCREF, limits64)));
    spectest.put("memory", new OracleMemory(new MemoryType(Limits.between(1, 2), false)));
  }

  private static OracleGlobal global(NumType type, long value) {
    return new OracleGlobal(new GlobalType(type, false), value);
  }

  int passed() {
    return passed;
  }

  List<String> failures() {
    return failures;
  }

  void run(SpecScripts.Command command) throws IOException {
    switch (command.type()) {
      case "module" -> {
        OracleInstance instance = instantiate(command);
        current = instance;
        if (!command.text("name").isEmpty()) {
          named.put(command.text("name"), instance);
        }
      }
      case "register" -> registered.put(command.text("as"), instance(command.text("name")));
      case "action" -> {
        long[] unused = invoke(command);
      }
      case "assert_return" -> assertReturn(command);
      case "assert_trap", "assert_exhaustion" -> assertTrap(command);
      case "assert_uninstantiable" -> {
        try {
          OracleInstance unused = instantiate(command);
          fail(command, "instantiated");
        } catch (OracleTrap e) {
          passed++;
        }
      }
      default -> {}
    }
  }

  private void fail(SpecScripts.Command command, String what) {
    failures.add(command.folder().getFileName() + ":" + command.line() + ": " + what);
  }

  private OracleInstance instantiate(SpecScripts.Command command) throws IOException {
    byte[] bytes = Files.readAllBytes(command.file());
    WasmModule module = ModuleDecoder.decode(bytes, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    return OracleInstance.of(store, module, this::resolve);
  }

  private Object resolve(Import imported) {
    if (imported.module().equals("spectest")) {
      return imported.type() instanceof FuncType type
          ? new OracleFunction.Host(type, arguments -> new long[0])
          : require(spectest.get(imported.name()), imported.name());
    }
    OracleInstance instance = require(registered.get(imported.module()), imported.module());
    return instance.export(imported.name());
  }

  private static <T> T require(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalStateException("script refers to unknown " + name);
    }
    return value;
  }

  private OracleInstance instance(String name) {
    return name.isEmpty() ? require(current, "module") : require(named.get(name), name);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new IllegalStateException("not an object: " + value);
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private long[] invoke(SpecScripts.Command command) {
    Map<String, @Nullable Object> action = map(command.fields().get("action"));
    String name = action.get("module") instanceof String module ? module : "";
    String field = String.valueOf(action.get("field"));
    OracleInstance instance = instance(name);
    if ("get".equals(action.get("type"))) {
      return instance.export(field) instanceof OracleGlobal global
          ? new long[] {global.get()}
          : new long[0];
    }
    List<?> arguments = list(action.get("args"));
    long[] values = new long[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      Map<String, @Nullable Object> argument = map(arguments.get(i));
      values[i] = value(argument);
    }
    return instance.invoke(field, values);
  }

  private static long value(Map<String, @Nullable Object> value) {
    String text = String.valueOf(value.get("value"));
    return switch (String.valueOf(value.get("type"))) {
      case "i32", "f32" -> Integer.parseUnsignedInt(text);
      case "i64", "f64" -> Long.parseUnsignedLong(text);
      case "refnull" -> 0;
      case "externref", "hostref" -> HOST_REFERENCES + Long.parseLong(text);
      default -> throw new IllegalStateException("value " + value);
    };
  }

  private void assertReturn(SpecScripts.Command command) {
    List<?> expected = list(command.fields().get("expected"));
    long[] results;
    try {
      results = invoke(command);
    } catch (OracleTrap e) {
      fail(command, "trap: " + e.getMessage());
      return;
    }
    boolean same = results.length == expected.size();
    for (int i = 0; same && i < results.length; i++) {
      same = matches(map(expected.get(i)), results[i]);
    }
    if (same) {
      passed++;
    } else {
      fail(command, "expected " + expected + ", got " + java.util.Arrays.toString(results));
    }
  }

  private static boolean matches(Map<String, @Nullable Object> expected, long actual) {
    String type = String.valueOf(expected.get("type"));
    boolean isNan = String.valueOf(expected.get("value")).startsWith("nan:");
    if (isNan) {
      return type.equals("f32")
          ? Float.isNaN(Float.intBitsToFloat((int) actual))
          : Double.isNaN(Double.longBitsToDouble(actual));
    }
    if (type.equals("funcref")) {
      return actual != 0;
    }
    return value(expected) == actual;
  }

  private void assertTrap(SpecScripts.Command command) {
    try {
      long[] unused = invoke(command);
      fail(command, "returned instead of " + command.text("text"));
    } catch (OracleTrap e) {
      // Some scripts append the index of the element.
      if (command.text("text").startsWith(e.kind().message())) {
        passed++;
      } else {
        fail(command, "expected " + command.text("text") + ", got " + e.getMessage());
      }
    }
  }
}
