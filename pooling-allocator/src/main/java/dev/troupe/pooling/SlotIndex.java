package dev.troupe.pooling;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which slots are free, and which module each of them held last. Choice of a slot, in order:
 *
 * <ol>
 *   <li>the free slot that most recently held the same owner: its pages are still right;
 *   <li>while fewer than {@code maxWarm} free slots have an owner, one that was never used;
 *   <li>the free slot that has been unused the longest, whose owner loses it;
 *   <li>one that was never used.
 * </ol>
 *
 * <p>Free slots with an owner are in two doubly linked lists: one over all of them by time of
 * release, one per owner. Every operation is O(1). Not thread-safe: the pool's lock guards it.
 */
final class SlotIndex {
  /** No slot. */
  static final int NONE = -1;

  /** Who a slot's content belongs to: a memory of a loaded module. */
  record Owner(long moduleKey, int memoryIndex) {}

  private final int slots;
  private final int maxWarm;
  private final @Nullable Owner[] owners;
  // Links of the list over all warm slots, oldest first, and of the per-owner lists.
  private final int[] older;
  private final int[] newer;
  private final int[] ownerOlder;
  private final int[] ownerNewer;
  private final Map<Owner, Integer> newestOf = new HashMap<>();
  // Free and with an owner, that is in the lists.
  private final boolean[] free;
  private int oldest = NONE;
  private int newest = NONE;
  private int nextCold;
  private int warm;
  private int live;

  SlotIndex(int slots, int maxWarm) {
    this.slots = slots;
    this.maxWarm = maxWarm;
    owners = new Owner[slots];
    older = new int[slots];
    newer = new int[slots];
    ownerOlder = new int[slots];
    ownerNewer = new int[slots];
    free = new boolean[slots];
  }

  /** Takes a slot for an owner, or {@link #NONE} when all are in use. */
  int take(Owner owner) {
    Integer affine = newestOf.get(owner);
    int slot;
    if (affine != null) {
      slot = affine;
      unlink(slot);
    } else if (nextCold < slots && (warm < maxWarm || warm == 0)) {
      slot = nextCold++;
    } else if (warm > 0) {
      slot = oldest;
      unlink(slot);
    } else {
      return NONE;
    }
    live++;
    owners[slot] = owner;
    return slot;
  }

  /** Gives a slot back; it stays warm for its owner. */
  void release(int slot) {
    Owner owner = owners[slot];
    if (owner == null) {
      throw new IllegalStateException("slot " + slot + " released without an owner");
    }
    live--;
    warm++;
    free[slot] = true;
    older[slot] = newest;
    newer[slot] = NONE;
    if (newest == NONE) {
      oldest = slot;
    } else {
      newer[newest] = slot;
    }
    newest = slot;
    Integer previous = newestOf.put(owner, slot);
    ownerOlder[slot] = previous == null ? NONE : previous;
    ownerNewer[slot] = NONE;
    if (previous != null) {
      ownerNewer[previous] = slot;
    }
  }

  /** The free slots that last held memories of a module. */
  int[] warmSlotsOf(long moduleKey) {
    int[] found = new int[warm];
    int count = 0;
    for (int slot = oldest; slot != NONE; slot = newer[slot]) {
      Owner owner = owners[slot];
      if (owner != null && owner.moduleKey() == moduleKey) {
        found[count++] = slot;
      }
    }
    return java.util.Arrays.copyOf(found, count);
  }

  /** All free slots with an owner, those unused the longest first. */
  int[] warmSlots() {
    int[] found = new int[warm];
    int count = 0;
    for (int slot = oldest; slot != NONE; slot = newer[slot]) {
      found[count++] = slot;
    }
    return found;
  }

  /** Takes out a free slot that keeps its owner; false when it is in use by now. */
  boolean takeOut(int slot) {
    if (!free[slot]) {
      return false;
    }
    unlink(slot);
    live++;
    return true;
  }

  private void unlink(int slot) {
    Owner owner = owners[slot];
    if (owner == null) {
      throw new IllegalStateException("warm slot " + slot + " without an owner");
    }
    warm--;
    free[slot] = false;
    if (older[slot] == NONE) {
      oldest = newer[slot];
    } else {
      newer[older[slot]] = newer[slot];
    }
    if (newer[slot] == NONE) {
      newest = older[slot];
    } else {
      older[newer[slot]] = older[slot];
    }
    if (ownerOlder[slot] != NONE) {
      ownerNewer[ownerOlder[slot]] = ownerNewer[slot];
    }
    if (ownerNewer[slot] != NONE) {
      ownerOlder[ownerNewer[slot]] = ownerOlder[slot];
    } else if (ownerOlder[slot] != NONE) {
      newestOf.put(owner, ownerOlder[slot]);
    } else {
      newestOf.remove(owner);
    }
  }

  /** Slots in use. */
  int live() {
    return live;
  }

  /** Free slots that remember an owner. */
  int warm() {
    return warm;
  }

  /** All slots. */
  int capacity() {
    return slots;
  }
}
