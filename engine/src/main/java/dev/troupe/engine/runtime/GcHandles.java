package dev.troupe.engine.runtime;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * References that the host holds. A handle keeps its object alive, and says where it is, for as
 * long as the host can reach the handle; Java's own collector tells when that is over.
 */
public final class GcHandles implements GcRoots {
  private final List<@Nullable Slot> slots = new ArrayList<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final ReferenceQueue<Handle> dropped = new ReferenceQueue<>();

  /** A reference of the host. */
  public static final class Handle {
    private final Slot slot;

    private Handle(Slot slot, GcHandles owner) {
      this.slot = slot;
      slot.handle = new Watch(this, slot, owner.dropped);
    }

    /** Whether this store's table made it: objects of one store are nothing to another. */
    public boolean isOf(GcHandles table) {
      return slot.owner == table;
    }

    /** The reference as it is now: valid until guest code runs or an object is made. */
    public long reference() {
      return slot.reference;
    }

    /** Lets go at once, without waiting for Java's collector. The handle is not used again. */
    public void release() {
      slot.owner.release(slot);
    }
  }

  /** Outlives its handle. */
  private static final class Slot {
    final GcHandles owner;
    final int index;
    long reference;
    @Nullable Watch handle;

    Slot(GcHandles owner, int index, long reference) {
      this.owner = owner;
      this.index = index;
      this.reference = reference;
    }
  }

  private static final class Watch extends PhantomReference<Handle> {
    final Slot slot;

    Watch(Handle handle, Slot slot, ReferenceQueue<Handle> queue) {
      super(handle, queue);
      this.slot = slot;
    }
  }

  /** Holds a reference. */
  public Handle hold(long reference) {
    forgetDropped();
    Integer known = free.poll();
    int index = known == null ? slots.size() : known;
    Slot slot = new Slot(this, index, reference);
    if (known == null) {
      slots.add(slot);
    } else {
      slots.set(index, slot);
    }
    return new Handle(slot, this);
  }

  /** References that are held. */
  public int size() {
    forgetDropped();
    return slots.size() - free.size();
  }

  private void forgetDropped() {
    for (Object over = dropped.poll(); over != null; over = dropped.poll()) {
      if (over instanceof Watch watch) {
        release(watch.slot);
      }
    }
  }

  private void release(Slot slot) {
    Watch watch = slot.handle;
    if (watch != null) {
      slot.handle = null;
      watch.clear();
      slots.set(slot.index, null);
      free.add(slot.index);
    }
  }

  @Override
  public void update(ReferenceMap map) {
    forgetDropped();
    for (Slot slot : slots) {
      if (slot != null) {
        slot.reference = map.moved(slot.reference);
      }
    }
  }
}
