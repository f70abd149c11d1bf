package dev.troupe.engine.compile;

import dev.troupe.engine.backend.x64.BackendContext;
import dev.troupe.engine.backend.x64.CompiledFunction;
import dev.troupe.engine.backend.x64.TooManyReferencesException;
import dev.troupe.engine.backend.x64.X64Backend;
import dev.troupe.engine.frontend.FunctionTranslator;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.InductionVariables;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.validate.FunctionFacts;
import dev.troupe.engine.validate.FunctionValidator;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.WasmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles functions of one module, one after the other, on one thread. */
final class FunctionCompiler {
  private final ModulePlan plan;
  private final FunctionValidator validator;
  private final FunctionTranslator translator;
  private final @Nullable Inliner inliner;

  FunctionCompiler(ModulePlan plan) {
    this.plan = plan;
    this.validator = plan.validator().functionValidator();
    this.translator =
        new FunctionTranslator(
            plan.module(),
            plan.layout(),
            plan.request().tunables(),
            plan.request().features(),
            plan.hints());
    CallGraph calls = plan.calls();
    this.inliner = calls == null ? null : new Inliner(plan, calls, this::inlinable);
  }

  /** From the body of a function to machine code, within the budget. */
  CompiledFunction compile(int index, CompileBudget budget) {
    budget.checkWallTime();
    FunctionFacts facts = validated(index);
    long bytes = BodyEstimate.bytes(plan.module(), index, facts, plan.request().features());
    budget.acquire(index, bytes);
    try {
      SsaFunction function = optimized(index);
      budget.checkWallTime();
      return X64Backend.compile(function, plan.backend());
    } catch (TooManyReferencesException e) {
      throw new CompileLimitException("function " + index + ": " + e.getMessage());
    } finally {
      budget.release(bytes);
    }
  }

  private FunctionFacts validated(int index) {
    try {
      return validator.validate(index);
    } catch (InvalidException e) {
      throw plan.validator().refine(e);
    }
  }

  /** A valid function as the front end makes it. */
  private SsaFunction translated(int index) {
    String name = plan.module().names().function(index);
    SsaFunction function = translator.translate(index, name == null ? "" : name);
    if (plan.request().debugChecks()) {
      SsaVerifier.verify(function, "translation");
    }
    return function;
  }

  /** A function as the front end makes it; null if it is invalid, which is reported elsewhere. */
  private @Nullable SsaFunction inlinable(int index) {
    try {
      FunctionFacts facts = validator.validate(index);
      return facts.instructionCount() > 0 ? translated(index) : null;
    } catch (WasmException e) {
      return null;
    }
  }

  /** A valid function after the passes. */
  private SsaFunction optimized(int index) {
    return optimized(index, passes().rows().size());
  }

  /** A valid function after the first rows of the passes. */
  private SsaFunction optimized(int index, int rows) {
    SsaFunction function = translated(index);
    if (inliner != null) {
      inliner.run(function);
    }
    passes().run(function, rows, plan.request().withoutPasses(), plan.request().debugChecks());
    return function;
  }

  private PassPipeline passes() {
    return PassPipeline.of(plan.request().tunables().optimize());
  }

  /** The text of a function at a point of the pipeline. */
  String print(int index, Snapshot point) {
    BackendContext backend = plan.backend();
    FunctionFacts facts = validated(index);
    assert facts.instructionCount() > 0 : "a body ends with an instruction";
    return switch (point) {
      case Snapshot.AfterPass after -> optimized(index, after.rows()).toString();
      case CompileStage.SSA -> translated(index).toString();
      case CompileStage.OPT -> optimized(index).toString();
      case CompileStage.INDUCTION -> inductionVariables(index);
      case CompileStage.MACH -> X64Backend.printMachine(optimized(index), backend);
      case CompileStage.ASM ->
          X64Backend.printListing(optimized(index), backend, plan::functionLabel);
    };
  }

  /** The function as strength reduction finds it, and below it the variables of its loops. */
  private String inductionVariables(int index) {
    List<PassPipeline.Row> rows = passes().rows();
    int before = 0;
    while (before < rows.size() && !rows.get(before).name().equals("strength-reduction")) {
      before++;
    }
    SsaFunction function = optimized(index, before);
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    LoopTree loops = LoopTree.of(flow, dominators);
    return function + InductionVariables.of(flow, dominators, loops).toString();
  }
}
