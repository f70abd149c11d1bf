package dev.troupe.engine.runtime.stub;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.TailFrame;

/**
 * Generates the stubs that do not depend on a function type: the way in, the routines that guests
 * call through the builtin table, and the targets of the signal handlers.
 */
public final class StubGenerator {
  private static final int ALIGNMENT = 16;

  private final Assembler asm;
  private final StubEmitter emit;
  private final BulkStubs bulk;
  private final int[] builtins = new int[Builtin.values().length];

  private StubGenerator(CpuFeatures cpu, boolean listing) {
    this.asm = listing ? new Assembler().withListing() : new Assembler();
    this.emit = new StubEmitter(asm, cpu);
    this.bulk = new BulkStubs(emit);
  }

  /** The stubs for a processor with these features. */
  public static StubCode generate(CpuFeatures cpu) {
    return new StubGenerator(cpu, false).generate();
  }

  /** The same as a listing, for people. */
  public static String listing(CpuFeatures cpu) {
    StubGenerator generator = new StubGenerator(cpu, true);
    generator.generate();
    return generator.asm.listing().text();
  }

  private StubCode generate() {
    int enter = begin("enter");
    emit.enter();
    int faultExit = begin("fault exit");
    SignatureStubs.faultExit(emit);
    int preempt = begin("preempt");
    SaveAllStub saveAll = new SaveAllStub(emit);
    saveAll.emit(ExitCode.PREEMPTED);
    for (Builtin builtin : Builtin.values()) {
      exitStub(builtin, saveAll);
    }
    int land = begin("land");
    SignatureStubs.land(emit);
    GenericStubs generic = new GenericStubs(emit);
    int genericEntry = begin("generic entry");
    generic.entryPreamble();
    int genericTrampoline = begin("generic trampoline");
    generic.hostTrampoline();
    TailFrameStub tailFrame = new TailFrameStub(emit);
    asm.align(TailFrame.ROUTINE_BYTES);
    int tailReturns = begin("tail returns");
    tailFrame.returns();
    builtins[Builtin.TAIL_FRAME.ordinal()] = begin("tail frame");
    tailFrame.make();
    int bulkStart = begin("bulk");
    builtins[Builtin.MEMORY_COPY.ordinal()] = begin("memory copy");
    bulk.copy();
    builtins[Builtin.MEMORY_FILL.ordinal()] = begin("memory fill");
    bulk.fill();
    builtins[Builtin.PATTERN_FILL.ordinal()] = begin("pattern fill");
    bulk.patternFill();
    int bulkEnd = begin("bulk yields");
    bulk.yields();
    byte[] code = asm.finish();
    int[] offsets = new int[builtins.length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = asm.offsetOf(builtins[i]);
    }
    return new StubCode(
        code,
        asm.offsetOf(enter),
        offsets,
        asm.offsetOf(faultExit),
        asm.offsetOf(preempt),
        asm.offsetOf(bulkStart),
        asm.offsetOf(bulkEnd),
        asm.offsetOf(tailReturns),
        asm.offsetOf(land),
        asm.offsetOf(genericEntry),
        asm.offsetOf(genericTrampoline),
        SaveAllStub.frameBytes(emit.cpu));
  }

  private void exitStub(Builtin builtin, SaveAllStub saveAll) {
    ExitCode code = builtin.exitCode();
    if (code == null) {
      return;
    }
    builtins[builtin.ordinal()] = begin(builtin.name());
    switch (code) {
      case TRAP -> SignatureStubs.trap(emit);
      case FUEL_EXHAUSTED, EPOCH -> saveAll.emit(code);
      case MEMORY_GROW,
          TABLE_GROW,
          TABLE_INIT,
          TABLE_COPY,
          TABLE_FILL,
          MEMORY_INIT,
          DATA_DROP,
          ELEM_DROP,
          MEMORY_WAIT32,
          MEMORY_WAIT64,
          MEMORY_NOTIFY,
          THROW,
          THROW_REF,
          GC_ROOM,
          ARRAY_NEW_DATA,
          ARRAY_NEW_ELEM,
          ARRAY_INIT_DATA,
          ARRAY_INIT_ELEM,
          ARRAY_FILL_VECTORS ->
          SignatureStubs.exit(emit, builtin.type(), code);
      case DONE, HOST_CALL, PREEMPTED ->
          throw new IllegalStateException("builtin " + builtin + " cannot leave with " + code);
    }
  }

  private int begin(String name) {
    asm.align(ALIGNMENT);
    asm.comment(name);
    return asm.mark();
  }
}
