package dev.troupe.engine;

import dev.troupe.engine.artifact.AddressMap;
import dev.troupe.engine.artifact.ArtifactWriter;
import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.artifact.EngineMetadata;
import dev.troupe.engine.artifact.ExceptionTable;
import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.artifact.TrapTable;
import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.asm.x64.X64Reg;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.LoadedModule;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A module whose types, imports and segments come from text and whose code is assembled by hand, so
 * that the runtime is tested without a compiler. Bodies in the text are ignored.
 */
final class HandModule {
  final Assembler asm = new Assembler();
  final WasmModule info;
  private final TreeMap<Integer, TrapKind> traps = new TreeMap<>();
  private final List<int[]> functions = new ArrayList<>();

  HandModule(String wat) {
    info = ModuleDecoder.decode(Wat.toBinary(wat), WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
  }

  /** Starts the next defined function with a frame of this size (a multiple of 16, plus 8). */
  void function(int frameBytes) {
    asm.align(16);
    int start = asm.mark();
    if (frameBytes != 0) {
      asm.ri(X64Op.SUB64_MI, X64Reg.RSP, frameBytes);
    }
    functions.add(new int[] {start, asm.mark(), frameBytes});
  }

  /** Leaves the function. */
  void leave() {
    int frameBytes = functions.getLast()[2];
    if (frameBytes != 0) {
      asm.ri(X64Op.ADD64_MI, X64Reg.RSP, frameBytes);
    }
    asm.op(X64Op.RET);
  }

  /** The next instruction may trap. */
  int trap(TrapKind kind) {
    int mark = asm.mark();
    traps.put(mark, kind);
    return mark;
  }

  /** Calls a function by its reference; keeps r15 in the frame's first slot meanwhile. */
  void callReference(int function) {
    int slot = layout().funcRef(function);
    asm.mr(X64Op.MOV64_MR, Mem.base(X64Reg.RSP, 0), X64Reg.R15);
    asm.rm(X64Op.MOV64_RM, X64Reg.R11, Mem.base(X64Reg.R15, slot + FuncRefLayout.CODE));
    asm.rm(X64Op.MOV64_RM, X64Reg.R15, Mem.base(X64Reg.R15, slot + FuncRefLayout.INSTANCE));
    asm.r(X64Op.CALL_M, X64Reg.R11);
    asm.rm(X64Op.MOV64_RM, X64Reg.R15, Mem.base(X64Reg.RSP, 0));
  }

  /** Calls a builtin stub. */
  void callBuiltin(Builtin builtin) {
    asm.rm(X64Op.MOV64_RM, X64Reg.R11, Mem.base(X64Reg.R15, InstanceLayout.BUILTINS));
    asm.m(X64Op.CALL_M, Mem.base(X64Reg.R11, builtin.tableOffset()));
  }

  InstanceLayout layout() {
    return LoadedModule.layoutOf(info);
  }

  Module load(Engine engine) {
    byte[] text = asm.finish();
    TreeMap<Integer, TrapKind> sorted = new TreeMap<>();
    for (Map.Entry<Integer, TrapKind> trap : traps.entrySet()) {
      sorted.put(asm.offsetOf(trap.getKey()), trap.getValue());
    }
    int[] offsets = new int[sorted.size()];
    byte[] kinds = new byte[offsets.length];
    int i = 0;
    for (Map.Entry<Integer, TrapKind> trap : sorted.entrySet()) {
      offsets[i] = trap.getKey();
      kinds[i++] = (byte) trap.getValue().ordinal();
    }
    int pageBytes = (int) VirtualMemory.roundUpToPages(text.length);
    CompiledModule compiled =
        new CompiledModule(
            EngineMetadata.current(
                engine.isa(), engine.config().tunables(), engine.config().features()),
            info,
            MemorySegment.ofArray(Arrays.copyOf(text, pageBytes)),
            functionTable(text.length),
            TrapTable.of(offsets, kinds),
            identity(text.length),
            dev.troupe.engine.artifact.StackMaps.EMPTY,
            ExceptionTable.empty(),
            List.of(),
            new BitSet());
    return Module.deserialize(engine, ArtifactWriter.write(compiled));
  }

  private FunctionTable functionTable(int textBytes) {
    int count = functions.size();
    int[] starts = new int[count];
    int[] sizes = new int[count];
    int[] frames = new int[count];
    int[] prologues = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = asm.offsetOf(functions.get(i)[0]);
      int end = i + 1 < count ? asm.offsetOf(functions.get(i + 1)[0]) : textBytes;
      sizes[i] = end - starts[i];
      prologues[i] = asm.offsetOf(functions.get(i)[1]);
      frames[i] = functions.get(i)[2];
    }
    return FunctionTable.of(starts, sizes, frames, prologues, new int[starts.length]);
  }

  /** Reports code offsets as module offsets. */
  private static AddressMap identity(int textBytes) {
    int[] offsets = new int[textBytes];
    for (int i = 0; i < textBytes; i++) {
      offsets[i] = i;
    }
    return AddressMap.of(offsets, offsets.clone());
  }
}
