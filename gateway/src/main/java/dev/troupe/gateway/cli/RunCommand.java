package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.ExportType;
import dev.troupe.engine.Func;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code troupe run}: exit 0, 1 on an error, 134 on a trap. */
final class RunCommand {
  private static final int TRAP_STATUS = 134;
  private static final String HELP =
      """
      Usage: troupe run [OPTIONS] FILE [ARGS]
      Runs an exported function of a module and prints its results, one a line.
      FILE is a module (.wasm), its text (.wat) or an artifact made by troupe compile.

        --invoke NAME    the exported function (default: _start, main, or the only one)
        --fuel N         trap after so much fuel (about one per instruction)
        --timeout D      trap after a time such as 500ms, 10s or 2m
        --cache DIR      folder of compiled artifacts (default: ~/.cache/troupe)
        --no-cache       compile anew, write nothing
        --verbose        show stack traces of errors

      Exit status: 0; 1 on an error; 134 on a trap, with kind and backtrace on stderr.\
      """;

  private final PrintStream out;
  private final PrintStream err;

  RunCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  int run(List<String> args) throws UsageException, ValueText.BadValueException, IOException {
    Options options =
        Options.parse(
            args,
            Set.of("--help", "--no-cache", "--verbose"),
            Set.of("--invoke", "--fuel", "--timeout", "--cache"),
            true);
    if (options.has("--help")) {
      out.println(HELP);
      return 0;
    }
    if (options.operands().isEmpty()) {
      throw new UsageException("name a module: troupe run FILE [ARGS]");
    }
    Path file = Path.of(options.operands().getFirst());
    List<String> arguments = options.operands().subList(1, options.operands().size());
    long fuel = options.number("--fuel", -1);
    long timeoutNanos = options.durationNanos("--timeout", -1);
    ModuleOpener opener = ModuleOpener.of(options);
    EngineConfig.Builder config = EngineConfig.builder().fuel(fuel >= 0);
    opener.keyFile().ifPresent(config::artifactKeyFile);
    try (Engine engine = Engine.create(config.build());
        Module module = opener.open(engine, file);
        Store<String> store = Store.create(engine, "")) {
      if (fuel >= 0) {
        store.setFuel(fuel);
      }
      if (timeoutNanos >= 0) {
        store.deadlineIn(Duration.ofNanos(timeoutNanos));
      }
      return call(store, module, options.value("--invoke"), arguments);
    }
  }

  private int call(
      Store<String> store, Module module, @Nullable String export, List<String> arguments)
      throws UsageException, ValueText.BadValueException {
    ExportType target = target(module, export);
    try {
      Instance instance = Linker.<String>create(store.engine()).instantiate(store, module);
      if (target == null) {
        return 0;
      }
      Func function = instance.func(target.name());
      for (Value result : function.call(values(target.name(), function.type(), arguments))) {
        out.println(print(result));
      }
      return 0;
    } catch (TrapException e) {
      return trapped(e);
    } catch (InstantiationException e) {
      if (e.getCause() instanceof TrapException trap) {
        return trapped(trap);
      }
      throw e;
    }
  }

  private int trapped(TrapException trap) {
    err.println("troupe: trap " + trap.kind() + ": " + trap.getMessage());
    return TRAP_STATUS;
  }

  /** The function to call; null when the module exports none and instantiating it was the point. */
  private static @Nullable ExportType target(Module module, @Nullable String wanted)
      throws UsageException {
    List<ExportType> functions = new ArrayList<>();
    for (ExportType export : module.exports()) {
      if (export.type() instanceof FuncType) {
        functions.add(export);
      }
    }
    List<String> candidates = wanted == null ? List.of("_start", "main") : List.of(wanted);
    for (String candidate : candidates) {
      for (ExportType function : functions) {
        if (function.name().equals(candidate)) {
          return function;
        }
      }
    }
    if (wanted == null && functions.size() <= 1) {
      return functions.isEmpty() ? null : functions.getFirst();
    }
    String names =
        functions.isEmpty()
            ? "no function"
            : String.join(", ", functions.stream().map(ExportType::name).toList());
    throw new UsageException(
        wanted == null
            ? "the module exports " + names + ": name one with --invoke"
            : "the module exports no function '" + wanted + "', only " + names);
  }

  private static List<Value> values(String name, FuncType type, List<String> arguments)
      throws UsageException, ValueText.BadValueException {
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

  private static String print(Value value) {
    return switch (value) {
      case Value.I32 number -> Integer.toString(number.value());
      case Value.I64 number -> Long.toString(number.value());
      case Value.F32 number -> ValueText.print(Float.intBitsToFloat(number.bits()));
      case Value.F64 number -> ValueText.print(Double.longBitsToDouble(number.bits()));
      case Value.V128 vector -> String.format("0x%016x%016x", vector.high(), vector.low());
      case Value.FuncRef reference -> reference.func() == null ? "null" : "funcref";
      case Value.Extern reference -> reference.reference() == null ? "null" : "externref";
    };
  }
}
