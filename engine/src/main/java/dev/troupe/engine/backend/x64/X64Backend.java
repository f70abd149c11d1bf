package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.Effort;
import dev.troupe.engine.regalloc.MachineEnv;
import dev.troupe.engine.regalloc.References;
import dev.troupe.engine.regalloc.RegisterAllocator;
import dev.troupe.engine.regalloc.checker.AllocationChecker;
import dev.troupe.engine.ssa.SsaFunction;
import java.util.function.IntFunction;

/// The pipeline of one function: select, allocate, emit. Stateless; the same input gives the same
/// bytes.
public final class X64Backend {
  private static final int[] INTEGER_ORDER = {
    Registers.RAX, Registers.RCX, Registers.RDX, Registers.RSI, Registers.RDI, Registers.R8,
    Registers.R9, Registers.R10, Registers.R11, Registers.RBX, Registers.RBP, Registers.R12,
    Registers.R13, Registers.R14
  };

  /// What the allocator may use: all but rsp and the instance pointer.
  static final MachineEnv ENVIRONMENT =
      new MachineEnv(INTEGER_ORDER, vectorOrder(), Registers.CALLEE_SAVED);

  private X64Backend() {}

  /// Compiles a function that verifies.
  ///
  /// @throws TooManyReferencesException if its references cannot be told
  public static CompiledFunction compile(SsaFunction function, BackendContext context) {
    MachFunction mach = new Lowering(function, context).run();
    Allocation allocation = allocate(mach, context);
    return new Emitter(mach, allocation, context, new Assembler())
        .run(function.index(), function.inlinedCalls());
  }

  /// The machine instructions of a function before allocation, as text.
  public static String printMachine(SsaFunction function, BackendContext context) {
    return MachPrinter.print(new Lowering(function, context).run());
  }

  /// The machine instructions of a function with the places that allocation found, as text.
  public static String printAllocated(SsaFunction function, BackendContext context) {
    MachFunction mach = new Lowering(function, context).run();
    return MachPrinter.print(mach, allocate(mach, context));
  }

  /// The machine code of a function as an assembler listing.
  ///
  /// @param functionName names the targets of direct calls by function index
  public static String printListing(
      SsaFunction function, BackendContext context, IntFunction<String> functionName) {
    MachFunction mach = new Lowering(function, context).run();
    Assembler assembler = new Assembler().withListing();
    new Emitter(mach, allocate(mach, context), context, assembler)
        .run(function.index(), function.inlinedCalls());
    return assembler.listing().text(functionName);
  }

  private static Allocation allocate(MachFunction mach, BackendContext context) {
    Allocation allocation;
    try {
      allocation =
          RegisterAllocator.allocate(mach, ENVIRONMENT, Effort.forSize(mach.instructionCount()));
    } catch (References.TooManyException e) {
      throw new TooManyReferencesException(e);
    }
    if (context.verify()) {
      AllocationChecker.check(mach, ENVIRONMENT, allocation);
    }
    return allocation;
  }

  private static int[] vectorOrder() {
    int[] order = new int[Registers.XMM15 - Registers.XMM0 + 1];
    for (int i = 0; i < order.length; i++) {
      order[i] = Registers.XMM0 + i;
    }
    return order;
  }
}
