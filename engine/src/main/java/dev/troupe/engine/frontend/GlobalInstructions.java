package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaType;

/** Globals: defined ones lie in the instance, imported ones behind a pointer. */
final class GlobalInstructions {
  private final TranslationState state;

  GlobalInstructions(TranslationState state) {
    this.state = state;
  }

  void get(int global) {
    SsaType type = state.context.type(state.context.module().globals().get(global).type());
    MemoryAccess access = MemoryAccess.whole(type);
    int region = state.context.globalRegion(global);
    if (state.context.isImportedGlobal(global)) {
      int cell = state.instanceField(state.layout().globalPointer(global));
      state.stack.push(state.builder.rawLoad(type, access, region, cell, 0));
    } else {
      int offset = state.layout().definedGlobal(global);
      state.stack.push(state.builder.ctxLoad(type, access, region, offset));
    }
  }

  void set(int global) {
    int value = state.stack.pop();
    SsaType type = state.function.valueType(value);
    MemoryAccess access = MemoryAccess.whole(type);
    int region = state.context.globalRegion(global);
    if (state.context.isImportedGlobal(global)) {
      int cell = state.instanceField(state.layout().globalPointer(global));
      state.builder.rawStore(type, access, region, cell, value, 0);
    } else {
      state.builder.ctxStore(type, access, region, value, state.layout().definedGlobal(global));
    }
  }
}
