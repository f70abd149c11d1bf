package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.artifact.ExceptionTable;
import dev.troupe.engine.contract.CaughtException;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.SavedRegisters;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TailFrame;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.GuestCode;
import dev.troupe.engine.runtime.GuestStack;
import dev.troupe.engine.runtime.VmException;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.runtime.VmStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of an exception on the stack of a fiber that has left, and lets the fiber go on
 * there. Nothing happens while guests run without throwing: frames are walked by the tables of
 * their modules, the callee-saved registers are taken from where the frames keep them, and so is
 * the instance that each frame belongs to.
 *
 * <p>An exit leaves on the fiber's stack, from its stack pointer up:
 *
 * <pre>
 *   r15, r14, r13, r12, rbp, rbx, return address, the frame that called out
 * </pre>
 *
 * <p>A landing makes the same picture below the frame that catches.
 */
final class ExceptionUnwinder {
  private static final int SAVED = SavedRegisters.count();

  /** Offset of the return address from the stack pointer of a fiber that has left. */
  private static final int RETURN_ADDRESS = (SAVED + 1) * Long.BYTES;

  private static final int FRAME = RETURN_ADDRESS + Long.BYTES;

  private final VmStore store;
  private final GuestCode stubs = GuestCode.instance();
  private final long[] registers = new long[SAVED];

  /** Made with the first exception: most stores never see one. */
  private @Nullable FrameFinder frames;

  private int handler;

  ExceptionUnwinder(VmStore store) {
    this.store = store;
  }

  /** The frame that the loaded fiber called out from: its stack pointer. */
  long frame() {
    return RawMemory.getLong(store.context() + StoreContext.GUEST_RSP) + FRAME;
  }

  /**
   * Lets the loaded fiber, which has called out, go on at the innermost handler that catches the
   * exception.
   *
   * @return whether there is one; if not, the fiber is unchanged
   */
  boolean land(VmException exception, GuestStack stack) {
    FrameFinder finder = frames;
    if (finder == null) {
      finder = new FrameFinder();
      frames = finder;
    }
    long left = RawMemory.getLong(store.context() + StoreContext.GUEST_RSP);
    for (int i = 0; i < SAVED; i++) {
      registers[i] = RawMemory.getLong(left + saved(i));
    }
    long instance = RawMemory.getLong(left);
    long pc = RawMemory.getLong(left + RETURN_ADDRESS);
    long sp = left + FRAME;
    while (true) {
      int tailFrameBytes = stubs.tailFrameBytes(pc);
      long slot;
      if (tailFrameBytes >= 0) {
        slot = sp + tailFrameBytes;
        if (slot > stack.top() - Long.BYTES) {
          return false;
        }
        instance = RawMemory.getLong(slot - TailFrame.HEADER_BYTES + TailFrame.INSTANCE);
      } else {
        FrameFinder.Frame frame = finder.find(pc);
        if (frame == null) {
          return false;
        }
        int frameBytes = frame.frameBytes();
        int saves = frame.saves();
        slot = sp + frameBytes;
        if (slot > stack.top() - Long.BYTES) {
          return false;
        }
        if ((saves & SavedRegisters.HAS_INSTANCE) != 0) {
          instance = RawMemory.getLong(sp + SavedRegisters.instanceOffset(saves, frameBytes));
        }
        if (frame.site() >= 0 && catches(frame, instance, exception)) {
          resume(frame, sp, instance, exception);
          return true;
        }
        for (int i = 0; i < SAVED; i++) {
          int at = SavedRegisters.offset(saves, frameBytes, i);
          if (at >= 0) {
            registers[i] = RawMemory.getLong(sp + at);
          }
        }
      }
      pc = RawMemory.getLong(slot);
      sp = slot + Long.BYTES;
    }
  }

  /** Offset of a callee-saved register from the stack pointer of a fiber that has left. */
  private static int saved(int i) {
    return (SAVED - i) * Long.BYTES;
  }

  private boolean catches(FrameFinder.Frame frame, long context, VmException exception) {
    ExceptionTable table = frame.module().exceptions();
    int site = frame.site();
    VmInstance instance = store.instanceOf(RawMemory.getLong(context + InstanceLayout.HANDLE));
    for (int h = table.firstHandler(site); h < table.endOfHandlers(site); h++) {
      int tag = table.tag(h);
      if (tag == ExceptionTable.ANY || isSame(instance, tag, exception)) {
        handler = h;
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // identity is what a tag is
  private static boolean isSame(VmInstance instance, int tag, VmException exception) {
    return instance.tag(tag) == exception.tag();
  }

  private void resume(FrameFinder.Frame frame, long sp, long instance, VmException exception) {
    ExceptionTable table = frame.module().exceptions();
    if (table.wantsReference(handler)) {
      long reference = store.exceptions().referenceOf(exception);
      RawMemory.putLong(sp + CaughtException.REFERENCE, reference);
    }
    if (table.tag(handler) != ExceptionTable.ANY) {
      int count = exception.tag().type().function().paramCount();
      for (int i = 0; i < count; i++) {
        RawMemory.putLong(sp + CaughtException.value(i), exception.low(i));
        RawMemory.putLong(sp + CaughtException.value(i) + Long.BYTES, exception.high(i));
      }
    }
    long left = sp - FRAME;
    RawMemory.putLong(left, instance);
    for (int i = 0; i < SAVED; i++) {
      RawMemory.putLong(left + saved(i), registers[i]);
    }
    RawMemory.putLong(left + RETURN_ADDRESS, frame.codeBase() + table.landing(handler));
    RawMemory.putLong(store.context() + StoreContext.GUEST_RSP, left);
    RawMemory.putLong(store.context() + StoreContext.RESUME_PC, stubs.land());
  }
}
