package dev.troupe.engine.compile;

import dev.troupe.engine.backend.x64.BackendContext;
import dev.troupe.engine.backend.x64.CompiledFunction;
import dev.troupe.engine.backend.x64.X64Backend;
import dev.troupe.engine.frontend.FunctionTranslator;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.validate.FunctionValidator;
import dev.troupe.engine.wasm.InvalidException;

/** Compiles functions of one module, one after the other, on one thread. */
final class FunctionCompiler {
  private final ModulePlan plan;
  private final FunctionValidator validator;
  private final FunctionTranslator translator;

  FunctionCompiler(ModulePlan plan) {
    this.plan = plan;
    this.validator = plan.validator().functionValidator();
    this.translator =
        new FunctionTranslator(
            plan.module(),
            plan.layout(),
            plan.request().tunables(),
            plan.request().features());
  }

  /** From the body of a function to machine code. */
  CompiledFunction compile(int index, CompileBudget budget) {
    SsaFunction function = optimized(index);
    budget.checkTime();
    return X64Backend.compile(function, plan.backend());
  }

  /** A function as the front end makes it. */
  SsaFunction translated(int index) {
    try {
      validator.validate(index);
    } catch (InvalidException e) {
      throw plan.validator().refine(e);
    }
    String name = plan.module().names().function(index);
    SsaFunction function = translator.translate(index, name == null ? "" : name);
    if (plan.request().debugChecks()) {
      SsaVerifier.verify(function, "translation");
    }
    return function;
  }

  /** A function after the passes. */
  SsaFunction optimized(int index) {
    SsaFunction function = translated(index);
    boolean optimize = plan.request().tunables().optimize();
    PassPipeline.run(function, optimize, plan.request().debugChecks());
    return function;
  }

  /** The text of a function at a stage of the pipeline. */
  String print(int index, CompileStage stage) {
    BackendContext backend = plan.backend();
    return switch (stage) {
      case SSA -> translated(index).toString();
      case OPT -> optimized(index).toString();
      case MACH -> X64Backend.printMachine(optimized(index), backend);
      case ASM -> X64Backend.printListing(optimized(index), backend, plan::functionLabel);
    };
  }
}
