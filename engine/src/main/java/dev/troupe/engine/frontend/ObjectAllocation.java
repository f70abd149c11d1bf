package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import java.util.List;

/**
 * Makes objects: moves the heap's top up, and asks the host for room where there is not enough. The
 * object must be filled before the next call: until then nobody knows of it.
 */
final class ObjectAllocation {
  private static final SsaType I64 = SsaType.I64;
  private static final SsaSignature ROOM = new SsaSignature(List.of(I64), List.of());

  private final TranslationState state;

  ObjectAllocation(TranslationState state) {
    this.state = state;
  }

  /** An object of {@code bytes} (an i64, a multiple of 8) with its type id. */
  int object(int type, int bytes) {
    SsaBuilder builder = state.builder;
    int store = state.instanceField(InstanceLayout.STORE_CONTEXT);
    int end = field(I64, store, StoreContext.GC_END);
    int top = field(I64, store, StoreContext.GC_TOP);
    int left = builder.binary(SsaOp.ISUB, I64, end, top);
    askIf(state.compare(IntCondition.SLT, left, bytes), bytes);
    int object = field(SsaType.REF, store, StoreContext.GC_TOP);
    int next = state.add(builder.unary(SsaOp.REF_ADDRESS, I64, object), bytes);
    builder.rawStore(I64, MemoryAccess.INT64, Region.STORE, store, next, StoreContext.GC_TOP);
    int id =
        builder.ctxLoad(
            SsaType.I32, MemoryAccess.INT32_U, Region.INSTANCE, state.layout().typeId(type));
    builder.fieldStore(
        SsaType.I32,
        MemoryAccess.INT32_U,
        fieldRegion(GcLayout.TYPE_ID),
        object,
        id,
        GcLayout.TYPE_ID);
    return object;
  }

  /** All fields at one distance from the start of their objects; what is at others is apart. */
  static int fieldRegion(int offset) {
    return Region.of(Region.Kind.FIELD, offset);
  }

  private int field(SsaType type, int store, int offset) {
    return state.builder.rawLoad(type, MemoryAccess.INT64, Region.STORE, store, offset);
  }

  private void askIf(int condition, int bytes) {
    int slow = state.newSuccessor();
    int next = state.newSuccessor();
    state.terminated(state.builder.brIf(condition, slow, next));
    state.startSealed(slow);
    state.function.setCold(slow, true);
    state.builder.callBuiltin(Builtin.GC_ROOM, ROOM, bytes);
    state.terminated(state.builder.br(next));
    state.startSealed(next);
  }
}
