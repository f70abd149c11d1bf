package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;

/**
 * Fuel and epoch checks, as the tunables ask for them. Fuel of the instructions seen is charged
 * when control is about to leave the straight line (branches, calls, traps at the end), so that
 * calls and the host see an exact count; the test for exhaustion and the test of the preemption
 * flag stand at the function's entry and at loop headers, with the exit in a cold block.
 */
final class Instrumentation {
  private static final SsaSignature NOTHING = new SsaSignature(List.of(), List.of());

  private final TranslationState state;
  private final boolean fuel;
  private final boolean epoch;
  private long pendingFuel;

  Instrumentation(TranslationState state) {
    this.state = state;
    this.fuel = state.tunables().fuel();
    this.epoch = state.tunables().preemption() == PreemptionMode.EPOCH;
  }

  /** Counts one instruction of reachable code. */
  void count(WasmOp op) {
    pendingFuel += op.fuelCost();
  }

  /** Charges what was counted since the last charge. */
  void charge() {
    if (fuel && pendingFuel != 0) {
      SsaBuilder builder = state.builder;
      int store = state.instanceField(InstanceLayout.STORE_CONTEXT);
      int before = fuel(store);
      int after = builder.binary(SsaOp.ISUB, SsaType.I64, before, state.i64(pendingFuel));
      builder.rawStore(
          SsaType.I64, MemoryAccess.INT64, Region.STORE, store, after, StoreContext.FUEL);
    }
    pendingFuel = 0;
  }

  /** The checks at the function's entry and at loop headers. May leave a new block current. */
  void check() {
    if (fuel) {
      int store = state.instanceField(InstanceLayout.STORE_CONTEXT);
      exitIf(state.compare(IntCondition.SLT, fuel(store), state.i64(0)), Builtin.FUEL_EXIT);
    }
    if (epoch) {
      SsaBuilder builder = state.builder;
      int store = state.instanceField(InstanceLayout.STORE_CONTEXT);
      int address =
          builder.rawLoad(
              SsaType.I64, MemoryAccess.INT64, Region.STORE, store, StoreContext.PREEMPT_FLAG);
      exitIf(
          builder.rawLoad(SsaType.I32, MemoryAccess.INT32_U, Region.VOLATILE, address, 0),
          Builtin.EPOCH_EXIT);
    }
  }

  private int fuel(int store) {
    return state.builder.rawLoad(
        SsaType.I64, MemoryAccess.INT64, Region.STORE, store, StoreContext.FUEL);
  }

  private void exitIf(int condition, Builtin exit) {
    int slow = state.newSuccessor();
    int next = state.newSuccessor();
    state.terminated(state.builder.brIf(condition, slow, next));
    state.startSealed(slow);
    state.function.setCold(slow, true);
    state.builder.callBuiltin(exit, NOTHING);
    state.terminated(state.builder.br(next));
    state.startSealed(next);
  }
}
