package dev.troupe.engine.validate;

import dev.troupe.engine.base.IntList;
import java.util.BitSet;

/**
 * Which locals without a default value have been given one. What a block sets is known until its
 * end (section 3.4.1, instruction sequences).
 */
final class LocalSets {
  private final BitSet unset = new BitSet();
  private final IntList log = new IntList();
  private boolean any;

  /** Every local has a value. */
  void clear() {
    if (any) {
      unset.clear();
      log.clear();
      any = false;
    }
  }

  /** These locals have none at first. */
  void unset(int from, int to) {
    unset.set(from, to);
    any = true;
  }

  boolean contains(int local) {
    return !any || !unset.get(local);
  }

  void add(int local) {
    if (any && unset.get(local)) {
      unset.clear(local);
      log.add(local);
    }
  }

  int height() {
    return log.size();
  }

  /** Forgets what was set since the log had this height. */
  void restore(int height) {
    while (log.size() > height) {
      unset.set(log.removeLast());
    }
  }
}
