package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.Effort;
import dev.troupe.engine.regalloc.MachineEnv;
import dev.troupe.engine.regalloc.RegisterAllocator;
import dev.troupe.engine.regalloc.checker.AllocationChecker;
import dev.troupe.engine.ssa.SsaFunction;

/// The pipeline of one function: select, allocate, emit. Stateless; the same input gives the same
/// bytes.
public final class X64Backend {
  private static final int[] INTEGER_ORDER = {
    Registers.RAX, Registers.RCX, Registers.RDX, Registers.RSI, Registers.RDI, Registers.R8,
    Registers.R9, Registers.R10, Registers.RBX, Registers.RBP, Registers.R12, Registers.R13,
    Registers.R14
  };

  /// What the allocator may use: all but rsp, the instance pointer and the scratch registers.
  static final MachineEnv ENVIRONMENT =
      new MachineEnv(
          INTEGER_ORDER,
          vectorOrder(),
          Registers.CALLEE_SAVED,
          Registers.SCRATCH,
          Registers.VECTOR_SCRATCH);

  private X64Backend() {}

  /// Which representations to print beside compiling.
  ///
  /// @param listing whether the result carries the assembler's listing
  public record Options(boolean listing) {
    /// Code only.
    public static final Options NONE = new Options(false);
  }

  /// Compiles a function that verifies.
  public static CompiledFunction compile(
      SsaFunction function, BackendContext context, Options options) {
    MachFunction mach = new Lowering(function, context).run();
    return emit(function, mach, context, options);
  }

  /// The machine instructions of a function before allocation, as text.
  public static String printMachine(SsaFunction function, BackendContext context) {
    return MachPrinter.print(new Lowering(function, context).run());
  }

  private static CompiledFunction emit(
      SsaFunction function, MachFunction mach, BackendContext context, Options options) {
    Allocation allocation = allocate(mach, context);
    Assembler assembler = new Assembler();
    if (options.listing()) {
      assembler.withListing();
    }
    return new Emitter(mach, allocation, context, assembler)
        .run(function.index(), options.listing());
  }

  private static Allocation allocate(MachFunction mach, BackendContext context) {
    Allocation allocation =
        RegisterAllocator.allocate(mach, ENVIRONMENT, Effort.forSize(mach.instructionCount()));
    if (context.verify()) {
      AllocationChecker.check(mach, ENVIRONMENT, allocation);
    }
    return allocation;
  }

  private static int[] vectorOrder() {
    int[] order = new int[Registers.VECTOR_SCRATCH - Registers.XMM0];
    for (int i = 0; i < order.length; i++) {
      order[i] = Registers.XMM0 + i;
    }
    return order;
  }
}
