package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.backend.x64.CompiledFunction;
import dev.troupe.engine.contract.CompileMeter;
import dev.troupe.engine.contract.CompileRequest;
import java.util.concurrent.Executor;

/** Compiles modules. The pipeline on a page. */
public final class ModuleCompiler {
  private ModuleCompiler() {}

  /**
   * Compiles a module.
   *
   * @param executor runs {@link CompileRequest#parallelism()} - 1 helpers of the calling thread; it
   *     may be busy or refuse
   * @throws dev.troupe.engine.wasm.WasmException when the module is malformed, invalid, or too
   *     expensive to compile
   */
  public static CompiledModule compile(
      CompileRequest request, CompileLimits limits, Executor executor) {
    return compile(request, limits, CompileMeter.unlimited(), executor);
  }

  /** As above, with a meter of the processor time. */
  public static CompiledModule compile(
      CompileRequest request, CompileLimits limits, CompileMeter meter, Executor executor) {
    return link(request, limits, meter, executor).toCompiledModule();
  }

  /** As {@link #compile}, short of the artifact. */
  static LinkedModule link(CompileRequest request, CompileLimits limits, Executor executor) {
    return link(request, limits, CompileMeter.unlimited(), executor);
  }

  private static LinkedModule link(
      CompileRequest request, CompileLimits limits, CompileMeter meter, Executor executor) {
    CompileBudget budget = new CompileBudget(limits, meter);
    ModulePlan plan;
    try (CompileMeter.Stopwatch _ = meter.start()) {
      plan = ModulePlan.of(request);
    }
    int threads = Math.max(1, Math.min(request.parallelism(), limits.concurrency()));
    CompiledFunction[] functions = new ParallelCompilation(plan, budget).run(threads, executor);
    try (CompileMeter.Stopwatch _ = meter.start()) {
      return linked(plan, functions);
    }
  }

  private static LinkedModule linked(ModulePlan plan, CompiledFunction[] functions) {
    LinkedText text = TextLinker.link(functions, plan.firstFunction());
    return new LinkedModule(plan, text, HeapImages.build(plan.module()));
  }

  /**
   * The text of one function at a point of the pipeline.
   *
   * @param function index in the function index space, of a function with a body
   * @throws dev.troupe.engine.wasm.WasmException when the module is malformed or invalid
   * @throws IllegalArgumentException when there is no such function
   */
  public static String print(CompileRequest request, Snapshot point, int function) {
    ModulePlan plan = ModulePlan.of(request);
    if (function < plan.firstFunction() || function >= plan.firstFunction() + plan.functions()) {
      throw new IllegalArgumentException(
          "no function "
              + function
              + " with a body: there are "
              + plan.firstFunction()
              + " to "
              + (plan.firstFunction() + plan.functions() - 1));
    }
    return new FunctionCompiler(plan).print(function, point);
  }

  /** The text of all functions with a body, in index order. */
  public static String printAll(CompileRequest request, Snapshot point) {
    ModulePlan plan = ModulePlan.of(request);
    FunctionCompiler compiler = new FunctionCompiler(plan);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < plan.functions(); i++) {
      int index = plan.firstFunction() + i;
      out.append(";; ").append(plan.functionLabel(index)).append('\n');
      out.append(compiler.print(index, point));
    }
    return out.toString();
  }
}
