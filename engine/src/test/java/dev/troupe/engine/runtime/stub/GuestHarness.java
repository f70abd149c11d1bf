package dev.troupe.engine.runtime.stub;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.ModuleRecord;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.NativeEntry;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.wasm.FuncType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The least of a runtime that the stubs need: a code region with its granule table, stubs mapped
 * once, guest functions assembled by hand. Native memory is never given back: one per test JVM.
 */
final class GuestHarness {
  static final int GRANULES = 4096;
  static final FuncType NULLARY = FuncType.of(List.of(), List.of());

  private static final GuestHarness PROBED = new GuestHarness(CpuFeatures.probe());
  private static final MemorySegment ENTER =
      NativeEntry.at(PROBED.stubs + PROBED.code.enterOffset());

  final CpuFeatures cpu;
  final StubCode code;
  final long stubs;
  final long codeBase;
  final long granuleTable;
  final long builtins;
  private final MemorySegment enter;
  private int nextGranule;

  GuestHarness(CpuFeatures cpu) {
    this.cpu = cpu;
    this.code = StubGenerator.generate(cpu);
    this.stubs = map(code.code());
    long bytes = (long) GRANULES * ModuleRecord.GRANULE_BYTES;
    this.codeBase = VirtualMemory.reserveAligned(bytes, ModuleRecord.GRANULE_BYTES);
    this.granuleTable = VirtualMemory.allocate(VirtualMemory.roundUpToPages(GRANULES * 8L));
    this.builtins = VirtualMemory.allocate(VirtualMemory.PAGE_BYTES);
    for (Builtin builtin : Builtin.values()) {
      RawMemory.putLong(builtins + builtin.tableOffset(), stubs + code.builtinOffset(builtin));
    }
    this.enter = NativeEntry.at(stubs + code.enterOffset());
    HandlerInstaller.register(
        new GuestRegion(codeBase, codeBase + bytes, granuleTable, stubs, code));
    HandlerInstaller.installFaultHandlers();
    HandlerInstaller.installPreemptionHandler();
  }

  /** The harness for this machine's features. */
  static GuestHarness get() {
    return PROBED;
  }

  /** Copies code to fresh executable memory outside the code region. */
  static long map(byte[] bytes) {
    long size = VirtualMemory.roundUpToPages(bytes.length);
    long address = VirtualMemory.allocate(size);
    RawMemory.copyIn(bytes, 0, address, bytes.length);
    VirtualMemory.protect(address, size, Protection.READ_EXECUTE);
    return address;
  }

  /** Publishes guest text without traps and returns its address. */
  long publish(Assembler asm) {
    return publish(asm, Map.of());
  }

  /** Publishes guest text; traps map marks of the assembler to kinds. */
  synchronized long publish(Assembler asm, Map<Integer, TrapKind> traps) {
    byte[] text = asm.finish();
    TreeMap<Integer, TrapKind> sorted = new TreeMap<>();
    traps.forEach((mark, kind) -> sorted.put(asm.offsetOf(mark), kind));
    int granules = (text.length + ModuleRecord.GRANULE_BYTES - 1) / ModuleRecord.GRANULE_BYTES;
    long base = codeBase + (long) nextGranule * ModuleRecord.GRANULE_BYTES;
    long bytes = VirtualMemory.roundUpToPages(text.length);
    VirtualMemory.remapFresh(base, bytes, Protection.READ_WRITE);
    RawMemory.copyIn(text, 0, base, text.length);
    VirtualMemory.protect(base, bytes, Protection.READ_EXECUTE);
    long record = VirtualMemory.allocate(VirtualMemory.roundUpToPages(64 + sorted.size() * 5L));
    long offsets = record + 64;
    long kinds = offsets + sorted.size() * 4L;
    int i = 0;
    for (Map.Entry<Integer, TrapKind> trap : sorted.entrySet()) {
      RawMemory.putInt(offsets + i * 4L, trap.getKey());
      RawMemory.putByte(kinds + i, (byte) trap.getValue().ordinal());
      i++;
    }
    RawMemory.putLong(record + ModuleRecord.TEXT_BASE, base);
    RawMemory.putLong(record + ModuleRecord.TEXT_END, base + text.length);
    RawMemory.putLong(record + ModuleRecord.TRAP_COUNT, sorted.size());
    RawMemory.putLong(record + ModuleRecord.TRAP_OFFSETS, offsets);
    RawMemory.putLong(record + ModuleRecord.TRAP_KINDS, kinds);
    for (int granule = 0; granule < granules; granule++) {
      RawMemory.putLongRelease(granuleTable + (nextGranule + granule) * 8L, record);
    }
    nextGranule += granules;
    return base;
  }

  /** A store with one fiber that will call {@code callee} of this type. */
  GuestFiber fiber(FuncType type, long callee) {
    return new GuestFiber(map(SignatureStubs.entryPreamble(type, cpu)), callee);
  }

  /** A store context, an instance context, a stack and a value area, in one. */
  final class GuestFiber {
    private static final int STACK_BYTES = 256 << 10;
    private static final int AREA_BYTES = 64 << 10;

    final long context;
    final long instance;
    final long values;
    final long flag;
    final long stackTop;
    private final long preamble;
    private final long callee;

    private GuestFiber(long preamble, long callee) {
      this.preamble = preamble;
      this.callee = callee;
      context = VirtualMemory.allocate(AREA_BYTES);
      instance = context + 1024;
      flag = context + 2048;
      values = context + 4096;
      long stack = VirtualMemory.allocate(STACK_BYTES);
      VirtualMemory.protect(stack, VirtualMemory.PAGE_BYTES, Protection.NONE);
      stackTop = stack + STACK_BYTES;
      RawMemory.putLong(context + StoreContext.VALUES, values);
      RawMemory.putLong(context + StoreContext.PREEMPT_FLAG, flag);
      RawMemory.putLong(instance + InstanceLayout.STORE_CONTEXT, context);
      RawMemory.putLong(instance + InstanceLayout.BUILTINS, builtins);
      restart();
    }

    /** Makes the next {@link #enter} start from the beginning. */
    GuestFiber restart() {
      RawMemory.putLong(context + StoreContext.CALLEE_INSTANCE, instance);
      RawMemory.putLong(context + StoreContext.CALLEE_CODE, callee);
      RawMemory.putLong(context + StoreContext.GUEST_RSP, stackTop);
      RawMemory.putLong(context + StoreContext.RESUME_PC, preamble);
      RawMemory.putInt(context + StoreContext.GUEST_MXCSR, StoreContext.DEFAULT_MXCSR);
      RawMemory.putInt(context + StoreContext.EXIT_CODE, -1);
      return this;
    }

    /** Runs until the guest leaves. */
    ExitCode enter() {
      MemorySegment stub = GuestHarness.this == PROBED ? ENTER : enter;
      int code = (int) NativeEntry.call(stub, context);
      if (code != RawMemory.getInt(context + StoreContext.EXIT_CODE)) {
        throw new AssertionError("enter returns EXIT_CODE");
      }
      return ExitCode.of(code);
    }

    /** Runs to the end, resuming whatever interrupts. */
    int finish() {
      int exits = 0;
      while (enter() != ExitCode.DONE) {
        RawMemory.putIntVolatile(flag, 0);
        exits++;
      }
      return exits;
    }

    long get(int field) {
      return RawMemory.getLong(context + field);
    }

    long value(int index) {
      return RawMemory.getLong(values + (long) index * StoreContext.VALUE_BYTES);
    }

    GuestFiber value(int index, long value) {
      RawMemory.putLong(values + (long) index * StoreContext.VALUE_BYTES, value);
      return this;
    }

    TrapKind trapKind() {
      return TrapKind.of(RawMemory.getInt(context + StoreContext.EXIT_ARG));
    }
  }
}
