package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.BodyScanner;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;

/**
 * Validates a decoded module: {@link #check} everything but the bodies, then each body through a
 * {@link #functionValidator()}, in any order and on any threads.
 *
 * <pre>{@code
 * WasmModule module = ModuleDecoder.decode(bytes, features, limits);
 * ModuleValidator validator = ModuleValidator.check(module, features, limits);
 * FunctionValidator functions = validator.functionValidator();        // one per thread
 * FunctionFacts facts = functions.validate(functionIndex);            // InvalidException e:
 *                                                                     //   throw validator.refine(e)
 * }</pre>
 */
public final class ModuleValidator {
  /** The features that validation knows. Others are treated as disabled. */
  public static final WasmFeatures SUPPORTED =
      WasmFeatures.WASM2
          .with(WasmFeature.RELAXED_SIMD)
          .with(WasmFeature.TAIL_CALL)
          .with(WasmFeature.EXTENDED_CONST)
          .with(WasmFeature.MULTI_MEMORY)
          .with(WasmFeature.MEMORY64)
          .with(WasmFeature.FUNCTION_REFERENCES)
          .with(WasmFeature.GC)
          .with(WasmFeature.THREADS)
          .with(WasmFeature.WIDE_ARITHMETIC)
          .with(WasmFeature.EXCEPTIONS)
          .with(WasmFeature.LEGACY_EXCEPTIONS)
          .with(WasmFeature.CUSTOM_PAGE_SIZES)
          .with(WasmFeature.BRANCH_HINTING);

  private final ModuleContext context;

  private ModuleValidator(ModuleContext context) {
    this.context = context;
  }

  /**
   * Checks everything outside function bodies.
   *
   * @throws InvalidException when something is wrong
   * @throws MalformedException when, besides, a function body is malformed
   */
  public static ModuleValidator check(WasmModule module, WasmFeatures features, WasmLimits limits) {
    WasmFeatures known = new WasmFeatures(features.bits() & SUPPORTED.bits());
    try {
      TypeRules.check(module, limits);
      ModuleContext context = new ModuleContext(module, known, limits);
      new DefinitionRules(context).check();
      return new ModuleValidator(context);
    } catch (InvalidException e) {
      throw refine(module, e);
    }
  }

  /**
   * Validates a whole module on this thread.
   *
   * @throws InvalidException when it is well formed but not valid
   * @throws MalformedException when a function body is malformed
   */
  public static void validate(WasmModule module, WasmFeatures features, WasmLimits limits) {
    ModuleValidator validator = check(module, features, limits);
    FunctionValidator functions = validator.functionValidator();
    try {
      for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
        FunctionFacts unused = functions.validate(i);
      }
    } catch (InvalidException e) {
      throw validator.refine(e);
    }
  }

  /** A validator for this module's bodies, for use by one thread at a time. */
  public FunctionValidator functionValidator() {
    return new FunctionValidator(context);
  }

  /**
   * The error to report for a module in which {@code found} was found: that one, unless a body is
   * malformed. Reads all bodies.
   */
  public WasmException refine(InvalidException found) {
    return refine(context.module, found);
  }

  private static WasmException refine(WasmModule module, InvalidException found) {
    try {
      boolean hasDataCount = module.dataCount() != WasmModule.NO_DATA_COUNT;
      new BodyScanner(module.bytes(), hasDataCount).scan(module.bodies());
      return found;
    } catch (MalformedException e) {
      return e;
    }
  }
}
