package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.artifact.AddressMap;
import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.artifact.InlineMap;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.CodeRegion;
import dev.troupe.engine.runtime.GuestCode;
import dev.troupe.engine.runtime.GuestStack;
import dev.troupe.engine.runtime.LoadedModule;
import dev.troupe.engine.runtime.MappedCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the guest frames of a fiber that has left. There are no frame pointers: each function's
 * frame has one size once its prologue is done, so the return address is at a known distance. A
 * function that was inlined has no frame on the stack, and still one in the result.
 */
public final class Unwinder {
  /** Most frames that a backtrace shows. */
  public static final int MAX_FRAMES = 64;

  private static final int NO_FUNCTION = -1;

  private Unwinder() {}

  /**
   * The frames from a guest pc outwards.
   *
   * @param exact whether {@code pc} is the instruction itself and not the one after a call
   */
  static List<WasmFrame> walk(long pc, long stackPointer, boolean exact, GuestStack stack) {
    List<WasmFrame> frames = new ArrayList<>();
    boolean first = exact;
    while (frames.size() < MAX_FRAMES) {
      // A return address may be the first byte after its function: look at the call instead.
      int tailFrameBytes = first ? -1 : GuestCode.instance().tailFrameBytes(pc);
      if (tailFrameBytes >= 0) {
        long slot = stackPointer + tailFrameBytes;
        if (slot > stack.top() - Long.BYTES) {
          break;
        }
        pc = RawMemory.getLong(slot);
        stackPointer = slot + Long.BYTES;
        continue;
      }
      MappedCode code = CodeRegion.instance().find(first ? pc : pc - 1);
      LoadedModule module = code == null ? null : code.owner();
      if (code == null || module == null) {
        break;
      }
      int offset = (int) (pc - code.base());
      int lookup = first ? offset : offset - 1;
      FunctionTable functions = module.functions();
      int function = functions.at(lookup);
      if (function == NO_FUNCTION) {
        break;
      }
      addFrames(frames, module, function, lookup, offset);
      boolean framed = !first || offset >= functions.prologueEnd(function);
      long returnSlot = framed ? stackPointer + functions.frameBytes(function) : stackPointer;
      if (returnSlot < stack.limit() - GuestStack.HEAD_ROOM_BYTES
          || returnSlot > stack.top() - Long.BYTES) {
        break;
      }
      pc = RawMemory.getLong(returnSlot);
      stackPointer = returnSlot + Long.BYTES;
      first = false;
    }
    return frames;
  }

  /** The functions inlined at this place, the innermost first, then the one on the stack. */
  private static void addFrames(
      List<WasmFrame> frames, LoadedModule module, int function, int lookup, int codeOffset) {
    AddressMap addresses = module.artifact().module().addresses();
    InlineMap inlined = addresses.inlined();
    int wasmOffset = addresses.wasmOffset(lookup);
    for (int c = inlined.call(lookup); c != InlineMap.NONE; c = inlined.parent(c)) {
      add(frames, frame(module, inlined.function(c), wasmOffset, codeOffset));
      wasmOffset = inlined.callOffset(c);
    }
    int index = module.info().importedFunctionCount() + function;
    add(frames, frame(module, index, wasmOffset, codeOffset));
  }

  private static void add(List<WasmFrame> frames, WasmFrame frame) {
    if (frames.size() < MAX_FRAMES) {
      frames.add(frame);
    }
  }

  private static WasmFrame frame(LoadedModule module, int index, int wasmOffset, int codeOffset) {
    return new WasmFrame(
        module.key(),
        module.info().names().module(),
        index,
        module.info().names().function(index),
        wasmOffset,
        codeOffset);
  }
}
