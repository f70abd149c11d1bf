package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.AddressMap;
import dev.troupe.engine.artifact.InlineMap;
import dev.troupe.engine.backend.x64.CompiledFunction;
import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.InlinedCalls;

/** Joins what the functions of a module say about where their code comes from. */
final class PositionLinker {
  private final IntList offsets = new IntList();
  private final IntList wasmOffsets = new IntList();

  // Where the innermost inlined call changes, and to which one.
  private final IntList changes = new IntList();
  private final IntList changesTo = new IntList();
  private int current = InlineMap.NONE;

  private final IntList parents = new IntList();
  private final IntList callOffsets = new IntList();
  private final IntList callees = new IntList();

  /** Adds a function, which starts at {@code start} in the text. */
  void add(CompiledFunction function, int start) {
    InlinedCalls inlined = function.inlinedCalls();
    int firstCall = parents.size();
    for (int c = 0; c < inlined.size(); c++) {
      parents.add(shifted(inlined.parent(c), firstCall));
      callOffsets.add(inlined.callOffset(c));
      callees.add(inlined.callee(c));
    }
    int[] from = function.addressOffsets();
    if (from.length == 0 || from[0] != 0) {
      change(start, InlineMap.NONE);
    }
    for (int i = 0; i < from.length; i++) {
      int position = function.addressPositions()[i];
      offsets.add(start + from[i]);
      wasmOffsets.add(inlined.wasmOffset(position));
      change(start + from[i], shifted(inlined.callOf(position), firstCall));
    }
  }

  private static int shifted(int call, int first) {
    return call == InlinedCalls.NONE ? InlineMap.NONE : first + call;
  }

  private void change(int offset, int call) {
    if (call != current) {
      current = call;
      changes.add(offset);
      changesTo.add(call);
    }
  }

  /** The whole map. */
  AddressMap toMap() {
    return AddressMap.of(
        offsets.toArray(),
        wasmOffsets.toArray(),
        InlineMap.of(
            changes.toArray(),
            changesTo.toArray(),
            parents.toArray(),
            callOffsets.toArray(),
            callees.toArray()));
  }
}
