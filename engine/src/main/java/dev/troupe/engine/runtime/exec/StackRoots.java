package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.artifact.StackMaps;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.CodeRegion;
import dev.troupe.engine.runtime.GuestCode;
import dev.troupe.engine.runtime.GuestStack;
import dev.troupe.engine.runtime.LoadedModule;
import dev.troupe.engine.runtime.MappedCode;
import dev.troupe.engine.runtime.ReferenceMap;

/**
 * Finds the references in the guest frames of a fiber that stands at a safepoint: behind every call
 * the stack map of its return address names the words that hold them.
 */
final class StackRoots {
  private StackRoots() {}

  /**
   * Updates every reference on a stack.
   *
   * @param returnAddress of the call through which the guest left
   * @param stackPointer that the innermost frame has behind that call
   */
  static void update(long returnAddress, long stackPointer, GuestStack stack, ReferenceMap map) {
    long pc = returnAddress;
    long rsp = stackPointer;
    long top = stack.top() - Long.BYTES;
    MappedCode code = null;
    while (true) {
      int tailFrameBytes = GuestCode.instance().tailFrameBytes(pc);
      long returnSlot;
      if (tailFrameBytes >= 0) {
        returnSlot = rsp + tailFrameBytes;
      } else {
        if (code == null || !code.contains(pc - 1)) {
          code = CodeRegion.instance().find(pc - 1);
        }
        LoadedModule module = code == null ? null : code.owner();
        if (code == null || module == null) {
          // The entry preamble, which holds nothing.
          return;
        }
        int offset = (int) (pc - code.base());
        FunctionTable functions = module.functions();
        int function = functions.at(offset - 1);
        if (function < 0) {
          throw new IllegalStateException("no guest function at 0x" + Long.toHexString(pc));
        }
        StackMaps maps = module.artifact().module().stackMaps();
        for (int word : maps.words(offset)) {
          map.update(rsp + (long) word * Long.BYTES);
        }
        returnSlot = rsp + functions.frameBytes(function);
      }
      if (returnSlot < rsp || returnSlot > top) {
        return;
      }
      pc = RawMemory.getLong(returnSlot);
      rsp = returnSlot + Long.BYTES;
    }
  }
}
