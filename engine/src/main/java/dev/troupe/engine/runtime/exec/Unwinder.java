package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.CodeRegion;
import dev.troupe.engine.runtime.GuestStack;
import dev.troupe.engine.runtime.LoadedModule;
import dev.troupe.engine.runtime.MappedCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the guest frames of a fiber that has left. There are no frame pointers: each function's
 * frame has one size once its prologue is done, so the return address is at a known distance.
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
      frames.add(frame(module, function, lookup, offset));
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

  private static WasmFrame frame(LoadedModule module, int function, int lookup, int offset) {
    int index = module.info().importedFunctionCount() + function;
    return new WasmFrame(
        module.info().names().module(),
        index,
        module.info().names().function(index),
        module.artifact().module().addresses().wasmOffset(lookup),
        offset);
  }
}
