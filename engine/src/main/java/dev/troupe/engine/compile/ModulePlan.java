package dev.troupe.engine.compile;

import dev.troupe.engine.backend.x64.BackendContext;
import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.frontend.FunctionTranslator;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.WasmModule;
import java.util.BitSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a module that the compilation of its functions reads and nothing changes.
 *
 * @param request what to compile and how
 * @param module decoded
 * @param validator that has checked all but the bodies
 * @param layout of the instance context
 * @param backend what the backend knows of module and target
 * @param hints which way branches go
 * @param calls for the inliner; null when it is not to run
 */
record ModulePlan(
    CompileRequest request,
    WasmModule module,
    ModuleValidator validator,
    InstanceLayout layout,
    BackendContext backend,
    BranchHints hints,
    @Nullable CallGraph calls) {
  /** The optimization that is no pass over one function. */
  private static final String INLINING = "inlining";

  /**
   * Decodes a module and checks all but its bodies.
   *
   * @throws dev.troupe.engine.wasm.WasmException when it is malformed or invalid
   * @throws IllegalArgumentException when an optimization that is to be left out does not exist
   */
  static ModulePlan of(CompileRequest request) {
    for (String name : request.withoutPasses()) {
      if (!name.equals(INLINING) && !PassPipeline.optional().contains(name)) {
        throw new IllegalArgumentException(
            "no optimization '" + name + "': " + INLINING + ", " + PassPipeline.optional());
      }
    }
    WasmModule module = ModuleDecoder.decode(request.wasm(), request.features(), request.limits());
    ModuleValidator validator = ModuleValidator.check(module, request.features(), request.limits());
    InstanceLayout layout = FunctionTranslator.layoutOf(module);
    BackendContext backend =
        new BackendContext(
            layout,
            request.tunables(),
            BackendContext.features(request.isa()),
            FunctionTranslator.memoryMinimumBytes(module),
            memories(module, type -> !type.hasStandardPages()),
            memories(module, MemoryType::shared),
            request.debugChecks());
    boolean inlining = request.tunables().optimize() && !request.withoutPasses().contains(INLINING);
    CallGraph calls = inlining ? CallGraph.of(module, request.features()) : null;
    BranchHints hints = BranchHints.of(module, request.features());
    return new ModulePlan(request, module, validator, layout, backend, hints, calls);
  }

  private static BitSet memories(WasmModule module, Predicate<MemoryType> which) {
    BitSet memories = new BitSet();
    for (int m = 0; m < module.memories().size(); m++) {
      memories.set(m, which.test(module.memories().get(m)));
    }
    return memories;
  }

  /** Index of the first function with a body. */
  int firstFunction() {
    return module.importedFunctionCount();
  }

  /** Number of functions with a body. */
  int functions() {
    return module.functionCount() - module.importedFunctionCount();
  }

  /** A function's name for people. */
  String functionLabel(int index) {
    String name = module.names().function(index);
    return name == null ? "func" + index : name;
  }
}
