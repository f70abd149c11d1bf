package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.ModuleRecord;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TableDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.os.NativeEntry;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.stub.CpuFeatures;
import dev.troupe.engine.runtime.stub.GuestRegion;
import dev.troupe.engine.runtime.stub.HandlerInstaller;
import dev.troupe.engine.runtime.stub.SignatureStubs;
import dev.troupe.engine.runtime.stub.StubCode;
import dev.troupe.engine.runtime.stub.StubGenerator;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The least of a runtime that executes compiled modules without imports: so that the compiler is
 * tested on its own. Code is never given back; memories are, by {@link #close}.
 */
final class NativeGuest implements AutoCloseable {
  private static final int GRANULES = 8192;
  private static final long STACK_BYTES = 1 << 20;
  private static final int STACK_HEAD_ROOM = 128 << 10;
  private static final long MEMORY_BYTES = (4L << 30) + (64L << 20);
  private static final CpuFeatures CPU = CpuFeatures.probe();
  private static final StubCode STUBS = StubGenerator.generate(CPU);
  private static final long STUB_BASE = map(STUBS.code());
  private static final long CODE_BASE =
      VirtualMemory.reserveAligned(
          (long) GRANULES * ModuleRecord.GRANULE_BYTES, ModuleRecord.GRANULE_BYTES);
  private static final long GRANULE_TABLE =
      VirtualMemory.allocate(VirtualMemory.roundUpToPages(GRANULES * 8L));
  private static final MemorySegment ENTER = NativeEntry.at(STUB_BASE + STUBS.enterOffset());
  private static final Map<FuncType, Long> PREAMBLES = new HashMap<>();
  private static int nextGranule;

  static {
    long end = CODE_BASE + (long) GRANULES * ModuleRecord.GRANULE_BYTES;
    HandlerInstaller.register(new GuestRegion(CODE_BASE, end, GRANULE_TABLE, STUB_BASE, STUBS));
    HandlerInstaller.installFaultHandlers();
  }

  /** A guest trap. */
  static final class GuestTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final TrapKind kind;

    GuestTrap(TrapKind kind) {
      super(kind.message());
      this.kind = kind;
    }

    TrapKind kind() {
      return kind;
    }
  }

  /** The guest asked for something that only a real host has. */
  static final class LeftException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LeftException(ExitCode exit) {
      super("the guest left with " + exit);
    }
  }

  private final LinkedModule compiled;
  private final WasmModule module;
  private final InstanceLayout layout;
  private final long text;
  private final long context;
  private final long values;
  private final long instance;
  private final long stack;
  private final long[] memories;

  /** Compiles, with all checks, and instantiates a module that imports nothing. */
  NativeGuest(byte[] wasm, Tunables tunables, Set<IsaFeature> isa) {
    this(request(wasm, tunables, isa));
  }

  private NativeGuest(CompileRequest request) {
    compiled = ModuleCompiler.link(request, CompileLimits.DEFAULT, Runnable::run);
    module = compiled.plan().module();
    layout = compiled.plan().layout();
    text = publish(compiled.text());
    long size = 8192L + layout.sizeBytes();
    context = VirtualMemory.allocate(VirtualMemory.roundUpToPages(size));
    values = context + 1024;
    instance = context + 8192;
    stack = VirtualMemory.allocate(STACK_BYTES);
    memories = new long[module.memories().size()];
    initialize();
  }

  /** As the constructor, without verifier and allocation checker: for huge functions. */
  static NativeGuest unchecked(byte[] wasm, Tunables tunables, Set<IsaFeature> isa) {
    return new NativeGuest(
        new CompileRequest(
            wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT, tunables, isa, 1, false));
  }

  static CompileRequest request(byte[] wasm, Tunables tunables, Set<IsaFeature> isa) {
    return new CompileRequest(
        wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT, tunables, isa, 1, true);
  }

  /** Features of this machine. */
  static Set<IsaFeature> hostFeatures() {
    return CPU.isaFeatures();
  }

  private static long map(byte[] bytes) {
    long size = VirtualMemory.roundUpToPages(bytes.length);
    long address = VirtualMemory.allocate(size);
    RawMemory.copyIn(bytes, 0, address, bytes.length);
    VirtualMemory.protect(address, size, Protection.READ_EXECUTE);
    return address;
  }

  private static synchronized long publish(LinkedText code) {
    int length = Math.max(1, code.text().length);
    int granules = (length + ModuleRecord.GRANULE_BYTES - 1) / ModuleRecord.GRANULE_BYTES;
    if (nextGranule + granules > GRANULES) {
      throw new IllegalStateException("the test's code region is full");
    }
    long base = CODE_BASE + (long) nextGranule * ModuleRecord.GRANULE_BYTES;
    long bytes = VirtualMemory.roundUpToPages(length);
    VirtualMemory.remapFresh(base, bytes, Protection.READ_WRITE);
    RawMemory.copyIn(code.text(), 0, base, code.text().length);
    VirtualMemory.protect(base, bytes, Protection.READ_EXECUTE);
    int traps = code.trapOffsets().length;
    long record = VirtualMemory.allocate(VirtualMemory.roundUpToPages(64 + traps * 5L));
    for (int i = 0; i < traps; i++) {
      RawMemory.putInt(record + 64 + i * 4L, code.trapOffsets()[i]);
      RawMemory.putByte(record + 64 + traps * 4L + i, code.trapKinds()[i]);
    }
    RawMemory.putLong(record + ModuleRecord.TEXT_BASE, base);
    RawMemory.putLong(record + ModuleRecord.TEXT_END, base + length);
    RawMemory.putLong(record + ModuleRecord.TRAP_COUNT, traps);
    RawMemory.putLong(record + ModuleRecord.TRAP_OFFSETS, record + 64);
    RawMemory.putLong(record + ModuleRecord.TRAP_KINDS, record + 64 + traps * 4L);
    for (int g = 0; g < granules; g++) {
      RawMemory.putLongRelease(GRANULE_TABLE + (nextGranule + g) * 8L, record);
    }
    nextGranule += granules;
    return base;
  }

  // ---- instantiation

  private void initialize() {
    long builtins = context + 512;
    for (Builtin builtin : Builtin.values()) {
      RawMemory.putLong(builtins + builtin.tableOffset(), STUB_BASE + STUBS.builtinOffset(builtin));
    }
    RawMemory.putLong(context + StoreContext.VALUES, values);
    RawMemory.putLong(context + StoreContext.PREEMPT_FLAG, context + 1000);
    RawMemory.putLong(context + StoreContext.STACK_LIMIT, stack + STACK_HEAD_ROOM);
    RawMemory.putLong(instance + InstanceLayout.STORE_CONTEXT, context);
    RawMemory.putLong(instance + InstanceLayout.BUILTINS, builtins);
    for (int t = 0; t < module.types().size(); t++) {
      RawMemory.putInt(instance + layout.typeId(t), module.canonicalTypes().indexOf(t));
    }
    for (int f = 0; f < module.functionCount(); f++) {
      long reference = instance + layout.funcRef(f);
      RawMemory.putLong(reference + FuncRefLayout.CODE, code(f));
      RawMemory.putLong(reference + FuncRefLayout.INSTANCE, instance);
      int type = module.canonicalTypes().indexOf(module.functionTypeIndex(f));
      RawMemory.putInt(reference + FuncRefLayout.TYPE_ID, type);
    }
    for (int g = 0; g < module.globals().size(); g++) {
      long bits = evaluate(module.globalInitializer(g));
      RawMemory.putLong(instance + layout.definedGlobal(g), bits);
    }
    tables();
    memories();
  }

  private void tables() {
    for (int t = 0; t < module.tables().size(); t++) {
      long length = module.tables().get(t).limits().min();
      long elements = VirtualMemory.allocate(VirtualMemory.roundUpToPages(Math.max(1, length * 8)));
      long definition = instance + layout.definedTable(t);
      RawMemory.putLong(definition + TableDef.ELEMENTS, elements);
      RawMemory.putLong(definition + TableDef.LENGTH, length);
      RawMemory.putLong(instance + layout.tablePointer(t), definition);
    }
    for (ElementSegment segment : module.elements()) {
      if (segment.mode() instanceof SegmentMode.Active active) {
        long definition = instance + layout.definedTable(active.index());
        long elements = RawMemory.getLong(definition + TableDef.ELEMENTS);
        for (int i = 0; i < segment.items().count(); i++) {
          long place = elements + (evaluate(active.offset()) + i) * 8;
          RawMemory.putLong(place, evaluate(segment.items().item(i)));
        }
      }
    }
  }

  private void memories() {
    for (int m = 0; m < memories.length; m++) {
      memories[m] = VirtualMemory.reserve(MEMORY_BYTES);
      long bytes = module.memories().get(m).limits().min() * MemoryType.PAGE_BYTES;
      if (bytes > 0) {
        VirtualMemory.protect(memories[m], bytes, Protection.READ_WRITE);
      }
      long definition = instance + layout.definedMemory(m);
      RawMemory.putLong(definition + MemoryDef.BASE, memories[m]);
      RawMemory.putLong(definition + MemoryDef.BYTE_LENGTH, bytes);
      RawMemory.putLong(instance + layout.memoryPointer(m), definition);
      RawMemory.putLong(instance + layout.memoryBase(m), memories[m]);
    }
    for (HeapImages.Image image : compiled.heap().images()) {
      long target = memories[image.memory()] + image.offsetBytes();
      RawMemory.copyIn(image.bytes(), 0, target, image.bytes().length);
    }
  }

  private long evaluate(ConstExpr expression) {
    return switch (expression.only()) {
      case ConstExpr.I32Const constant -> constant.value();
      case ConstExpr.I64Const constant -> constant.value();
      case ConstExpr.F32Const constant -> constant.bits();
      case ConstExpr.F64Const constant -> constant.bits();
      case ConstExpr.RefNull reference -> 0;
      case ConstExpr.RefFunc reference -> instance + layout.funcRef(reference.functionIndex());
      case ConstExpr.GlobalGet global ->
          RawMemory.getLong(instance + layout.definedGlobal(global.globalIndex()));
      case ConstExpr.V128Const constant -> throw new IllegalStateException("no vectors here");
      case ConstExpr.Aggregate aggregate -> throw new IllegalStateException("no heap here");
      case ConstExpr.Operator operator -> throw new IllegalStateException("no arithmetic here");
      case ConstExpr.Forbidden forbidden -> throw new IllegalStateException("not constant");
    };
  }

  private long code(int function) {
    return text + compiled.text().functionStarts()[function - module.importedFunctionCount()];
  }

  // ---- calls

  /** Calls an exported function; i32 and f32 are sign-extended bits in both directions. */
  long[] invoke(String name, long... arguments) {
    Export export = module.export(name);
    if (export == null) {
      throw new IllegalArgumentException("no export " + name);
    }
    FuncType type = module.functionType(export.index());
    for (int i = 0; i < arguments.length; i++) {
      RawMemory.putLong(values + (long) i * StoreContext.VALUE_BYTES, arguments[i]);
    }
    RawMemory.putLong(context + StoreContext.CALLEE_INSTANCE, instance);
    RawMemory.putLong(context + StoreContext.CALLEE_CODE, code(export.index()));
    RawMemory.putLong(context + StoreContext.GUEST_RSP, stack + STACK_BYTES);
    RawMemory.putLong(context + StoreContext.RESUME_PC, preamble(type));
    RawMemory.putInt(context + StoreContext.GUEST_MXCSR, StoreContext.DEFAULT_MXCSR);
    ExitCode exit = enter();
    if (exit == ExitCode.TRAP) {
      throw new GuestTrap(trapKind());
    }
    if (exit != ExitCode.DONE) {
      throw new LeftException(exit);
    }
    return results(type);
  }

  private ExitCode enter() {
    return ExitCode.of((int) NativeEntry.call(ENTER, context));
  }

  /** With explicit traps, the kind comes along. */
  private TrapKind trapKind() {
    return TrapKind.of(RawMemory.getInt(context + StoreContext.EXIT_ARG));
  }

  /** Offset in the text of the last exit. */
  long exitOffset() {
    return RawMemory.getLong(context + StoreContext.EXIT_PC) - text;
  }

  CompiledModule compiledModule() {
    return compiled.toCompiledModule();
  }

  LinkedText text() {
    return compiled.text();
  }

  private long[] results(FuncType type) {
    long[] results = new long[type.resultCount()];
    for (int i = 0; i < results.length; i++) {
      long bits = RawMemory.getLong(values + (long) i * StoreContext.VALUE_BYTES);
      ValType result = type.results().get(i);
      results[i] = result == NumType.I32 || result == NumType.F32 ? (int) bits : bits;
    }
    return results;
  }

  private static synchronized long preamble(FuncType type) {
    return PREAMBLES.computeIfAbsent(type, t -> map(SignatureStubs.entryPreamble(t, CPU)));
  }

  @Override
  public void close() {
    for (long memory : memories) {
      VirtualMemory.unmap(memory, MEMORY_BYTES);
    }
    VirtualMemory.unmap(stack, STACK_BYTES);
  }
}
