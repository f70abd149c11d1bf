package dev.troupe.engine.fuzz;

import dev.troupe.engine.differential.HostBodies;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TableInstance;
import run.endive.runtime.WasmException;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.FunctionType;

/** Endive's interpreter (before: Chicory), an engine in Java. */
final class EndiveSubject implements Subject {
  private static final Set<WasmFeature> UNKNOWN =
      EnumSet.of(
          WasmFeature.WIDE_ARITHMETIC,
          WasmFeature.CUSTOM_PAGE_SIZES,
          WasmFeature.SIMD,
          WasmFeature.RELAXED_SIMD,
          WasmFeature.MEMORY64);

  /** Parts of messages, which are those of the official scripts, and what V8's traps are called. */
  private static final List<List<String>> TRAPS =
      List.of(
          List.of("out of bounds memory", "memory"),
          List.of("unaligned", "memory"),
          List.of("out of bounds table", "table"),
          List.of("undefined element", "table"),
          List.of("uninitialized element", "callee"),
          List.of("indirect call type", "callee"),
          List.of("divide by zero", "zero"),
          List.of("integer overflow", "range"),
          List.of("invalid conversion", "range"),
          List.of("cast failure", "cast"),
          List.of("out of bounds array", "array"),
          List.of("null", "null"),
          List.of("unreachable", "unreachable"),
          List.of("call stack", "stack"));

  @Override
  public String name() {
    return "endive";
  }

  /** Version 1.2.0 loses values that the others agree on. */
  @Override
  public boolean doubtful() {
    return true;
  }

  @Override
  public boolean rough() {
    return true;
  }

  /**
   * No vectors, which Endive 1.2.0 loses when blocks with several results give them; no 64-bit
   * memories, nothing that is not in WebAssembly 3.0.
   */
  @Override
  public boolean understands(FuzzCase fuzzCase) {
    WasmModule module = fuzzCase.module();
    // Results that are references are not among the numbers that it returns.
    return fuzzCase.calls().stream()
            .noneMatch(call -> call.type().results().stream().anyMatch(ValType::isReference))
        && module.imports().stream()
            .allMatch(imported -> imported.type() instanceof FuncType type && numbers(type))
        && module.exports().stream().noneMatch(export -> hasVectors(module.exportType(export)))
        && module.memories().stream().allMatch(EndiveSubject::isPlain)
        && Opcodes.in(fuzzCase).stream().map(WasmOp::feature).noneMatch(UNKNOWN::contains);
  }

  private static boolean isPlain(MemoryType type) {
    Limits limits = type.limits();
    return type.hasStandardPages() && !limits.is64() && !type.shared();
  }

  private static boolean numbers(FuncType type) {
    return Stream.concat(type.params().stream(), type.results().stream())
        .allMatch(NumType.class::isInstance);
  }

  private static boolean hasVectors(Object type) {
    return type instanceof FuncType function
        && (function.params().contains(VecType.V128) || function.results().contains(VecType.V128));
  }

  @Override
  public List<String> run(FuzzCase fuzzCase) {
    WasmModule module = fuzzCase.module();
    ImportValues.Builder imports = ImportValues.builder();
    for (Import imported : module.imports()) {
      FuncType type = (FuncType) imported.type();
      ImportValues.Builder unused =
          imports.addFunction(
              new HostFunction(
                  imported.module(),
                  imported.name(),
                  FunctionType.of(types(type.params()), types(type.results())),
                  (instance, arguments) -> HostBodies.call(type, arguments)));
    }
    try (Instance instance =
        Instance.builder(Parser.parse(fuzzCase.wasm())).withImportValues(imports.build()).build()) {
      return calls(instance, fuzzCase);
    } catch (WasmEngineException e) {
      return List.of(trap(e));
    } catch (NoAnswerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new NoAnswerException("Endive broke", e);
    }
  }

  private static List<String> calls(Instance instance, FuzzCase fuzzCase) {
    WasmModule module = fuzzCase.module();
    List<String> lines = new ArrayList<>();
    lines.add("instance");
    boolean fueled = module.export("refuel") != null;
    for (FuzzCase.Call call : fuzzCase.calls()) {
      if (fueled) {
        long[] unused = instance.export("refuel").apply();
      }
      ExportFunction function = instance.export(call.name());
      try {
        long[] results = function.apply(call.arguments().clone());
        lines.add(Lines.returned(call.type().results(), results == null ? new long[0] : results));
      } catch (WasmException e) {
        lines.add(Lines.THROWN);
      } catch (WasmEngineException e) {
        lines.add(trap(e));
      } catch (StackOverflowError e) {
        lines.add("trap stack");
      } catch (RuntimeException e) {
        throw new NoAnswerException("Endive broke in " + call.name(), e);
      }
    }
    lines.add("state" + state(instance, module));
    return lines;
  }

  private static String state(Instance instance, WasmModule module) {
    StringBuilder out = new StringBuilder();
    for (Export export : module.exports()) {
      String name = export.name();
      if (export.kind() == ExternKind.MEMORY) {
        Memory memory = instance.memory(export.index());
        out.append(Lines.memory(name, memory.readBytes(0, memory.pages() * Memory.PAGE_SIZE)));
      } else if (export.kind() == ExternKind.GLOBAL) {
        ValType type = module.globals().get(export.index()).type();
        out.append(Lines.global(name, type, instance.global(export.index()).getValueLow()));
      } else if (export.kind() == ExternKind.TABLE) {
        TableInstance table = instance.table(export.index());
        StringBuilder nulls = new StringBuilder();
        for (int i = 0; i < table.size(); i++) {
          nulls.append(table.ref(i) == -1 && table.objRef(i) == null ? '.' : 'x');
        }
        out.append(Lines.table(name, nulls.toString()));
      }
    }
    return out.toString();
  }

  private static String trap(WasmEngineException e) {
    String message = String.valueOf(e.getMessage());
    for (List<String> known : TRAPS) {
      if (message.contains(known.getFirst())) {
        return "trap " + known.get(1);
      }
    }
    return "trap " + message;
  }

  private static List<run.endive.wasm.types.ValType> types(List<ValType> types) {
    return types.stream()
        .map(type ->
            switch ((NumType) type) {
              case I32 -> run.endive.wasm.types.ValType.I32;
              case I64 -> run.endive.wasm.types.ValType.I64;
              case F32 -> run.endive.wasm.types.ValType.F32;
              case F64 -> run.endive.wasm.types.ValType.F64;
            })
        .toList();
  }

  @Override
  public void close() {}
}
