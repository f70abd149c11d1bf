package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.GuestStack;
import dev.troupe.engine.runtime.HostSlots;
import dev.troupe.engine.runtime.PendingCall;
import dev.troupe.engine.runtime.ReferenceMap;
import dev.troupe.engine.runtime.VmFunction;
import dev.troupe.engine.runtime.VmStore;
import org.jspecify.annotations.Nullable;

/**
 * One activation of guest code on a stack of its own. While it runs, its stack pointer and resume
 * address are in the store context; when another fiber of the store runs, they are kept here.
 */
final class Fiber {
  private final long context;
  private final GuestStack stack;
  private final HostSlots slots;
  private long guestRsp;
  private long resumePc;
  private long exitPc;
  private long exitRsp;

  /** The host function whose completion the fiber waits for; null where it waits at a memory. */
  @Nullable VmFunction pendingFunction;

  /** The call of it, and what it waits for. */
  @Nullable PendingCall pending;

  /** The host function that has returned to a slice that was over: its results are in the slots. */
  @Nullable VmFunction returned;

  /** Whether the slice was over behind a routine of the host, and what that had come to. */
  boolean keepsResult;

  long result;

  /** Calls of host functions in this slice or in earlier ones. */
  int hostCalls;

  /** Set when the fiber ended by a trap. */
  @Nullable Trap trap;

  /** Whether it was last stopped at an arbitrary instruction. */
  boolean preempted;

  /**
   * Whether it left where its references can be told: not when it was preempted, and not in the
   * exits of loops and of bulk operations, which keep all registers.
   */
  boolean atSafepoint;

  /** Whether it has frames. */
  boolean started;

  /** An exit to be served once more when the fiber goes on, or -1. */
  int again = NOTHING;

  /** What it wanted there. */
  long wantedBytes;

  static final int NOTHING = -1;

  Fiber(VmStore store, GuestStack stack) {
    this.context = store.context();
    this.stack = stack;
    this.slots = new HostSlots(store);
  }

  GuestStack stack() {
    return stack;
  }

  HostSlots slots() {
    return slots;
  }

  /** Makes the store context start this function on this fiber's stack. */
  void begin(CallTarget target) {
    RawMemory.putLong(context + StoreContext.GUEST_RSP, stack.top());
    RawMemory.putLong(context + StoreContext.RESUME_PC, target.preamble());
    RawMemory.putLong(context + StoreContext.CALLEE_INSTANCE, target.context());
    RawMemory.putLong(context + StoreContext.CALLEE_CODE, target.code());
    RawMemory.putLong(context + StoreContext.CALLEE_MOVES, target.moves());
    trap = null;
    preempted = false;
    atSafepoint = false;
    started = false;
    again = NOTHING;
    returned = null;
    keepsResult = false;
    slots.clear();
  }

  /** Keeps what the store context says about this fiber. */
  void save() {
    guestRsp = RawMemory.getLong(context + StoreContext.GUEST_RSP);
    resumePc = RawMemory.getLong(context + StoreContext.RESUME_PC);
    exitPc = RawMemory.getLong(context + StoreContext.EXIT_PC);
    exitRsp = RawMemory.getLong(context + StoreContext.EXIT_RSP);
  }

  /** Puts it back. */
  void load() {
    RawMemory.putLong(context + StoreContext.GUEST_RSP, guestRsp);
    RawMemory.putLong(context + StoreContext.RESUME_PC, resumePc);
    RawMemory.putLong(context + StoreContext.EXIT_PC, exitPc);
    RawMemory.putLong(context + StoreContext.EXIT_RSP, exitRsp);
    loadLimit();
  }

  /** Shows its references to the collector; it stands at a safepoint. */
  void update(ReferenceMap map, boolean isLoaded) {
    long pc = isLoaded ? RawMemory.getLong(context + StoreContext.EXIT_PC) : exitPc;
    long rsp = isLoaded ? RawMemory.getLong(context + StoreContext.EXIT_RSP) : exitRsp;
    StackRoots.update(pc, rsp, stack, map);
    slots.update(map);
  }

  /** Makes the prologues of guest functions respect this stack. */
  void loadLimit() {
    RawMemory.putLong(context + StoreContext.STACK_LIMIT, stack.limit());
  }
}
