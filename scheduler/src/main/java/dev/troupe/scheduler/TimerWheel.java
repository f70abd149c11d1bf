package dev.troupe.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The alarms of one worker: a hierarchical timing wheel (Varghese and Lauck, 1987). Setting and
 * cancelling take constant time; an alarm moves at most once per level before it rings. Guarded by
 * the worker's lock.
 *
 * <pre>
 *   level 0   64 slots of 65.5 us      4.2 ms ahead
 *   level 1   64 slots of 4.2 ms       268 ms
 *   level 2   64 slots of 268 ms       17 s
 *   ...                                292 years
 * </pre>
 *
 * <p>An alarm lives on the level of the highest digit (base 64) in which its tick differs from the
 * current one. So every alarm of a level comes before every alarm of the next, and the first
 * occupied slot of the lowest occupied level holds the earliest. Alarms ring at their nanosecond,
 * not at their tick: a slot remembers the least time in it.
 */
final class TimerWheel {

  /** No alarm. */
  static final long NEVER_NANOS = Long.MAX_VALUE;

  private static final int TICK_SHIFT = 16;
  private static final int DIGIT_BITS = 6;
  private static final int DIGITS = 1 << DIGIT_BITS;
  private static final int LEVELS = 8;
  private static final int NO_SLOT = -1;

  /** Something that has an alarm in at most one wheel. */
  abstract static class Timer {
    /** When it rings; {@link #NEVER_NANOS} when it is in no wheel. */
    private long alarmNanos = NEVER_NANOS;

    private int slot = NO_SLOT;
    private @Nullable Timer previousInSlot;
    private @Nullable Timer nextInSlot;

    final long alarmNanos() {
      return alarmNanos;
    }
  }

  private final @Nullable Timer[] slots = new @Nullable Timer[LEVELS * DIGITS];

  /** Lower bound of the alarms in a slot; exact unless its earliest was cancelled. */
  private final long[] leastNanos = new long[LEVELS * DIGITS];

  private final long[] occupied = new long[LEVELS];
  private long currentTick;
  private int size;

  TimerWheel() {
    Arrays.fill(leastNanos, NEVER_NANOS);
  }

  int size() {
    return size;
  }

  /** Nothing rings before this; {@link #NEVER_NANOS} when there is no alarm. */
  long earliestNanos() {
    int slot = firstSlot();
    return slot == NO_SLOT ? NEVER_NANOS : leastNanos[slot];
  }

  /** Sets or moves the alarm of {@code timer}; {@link #NEVER_NANOS} cancels it. */
  void set(Timer timer, long alarmNanos) {
    cancel(timer);
    if (alarmNanos != NEVER_NANOS) {
      timer.alarmNanos = alarmNanos;
      place(timer);
      size++;
    }
  }

  /** Does nothing when there is none. */
  void cancel(Timer timer) {
    if (timer.slot != NO_SLOT) {
      unlink(timer);
      timer.alarmNanos = NEVER_NANOS;
      size--;
    }
  }

  /** Takes one timer whose alarm is not after {@code nowNanos}, or null. */
  @Nullable Timer poll(long nowNanos) {
    long nowTick = nowNanos >>> TICK_SHIFT;
    while (true) {
      int slot = firstSlot();
      if (slot == NO_SLOT || startTick(slot) > nowTick) {
        currentTick = Math.max(currentTick, nowTick);
        return null;
      }
      if (leastNanos[slot] > nowNanos && slot < DIGITS) {
        return null;
      }
      currentTick = Math.max(currentTick, startTick(slot));
      if (slot >= DIGITS) {
        cascade(slot);
      } else {
        Timer due = takeDue(slot, nowNanos);
        if (due != null) {
          return due;
        }
      }
    }
  }

  private int firstSlot() {
    for (int level = 0; level < LEVELS; level++) {
      if (occupied[level] != 0) {
        return level * DIGITS + Long.numberOfTrailingZeros(occupied[level]);
      }
    }
    return NO_SLOT;
  }

  /** First tick of {@code slot}, whose higher digits are those of the current tick. */
  private long startTick(int slot) {
    int shift = slot / DIGITS * DIGIT_BITS;
    long digit = (long) (slot % DIGITS) << shift;
    int higher = shift + DIGIT_BITS;
    return currentTick >>> higher << higher | digit;
  }

  private void place(Timer timer) {
    long tick = Math.max(timer.alarmNanos >>> TICK_SHIFT, currentTick);
    long difference = tick ^ currentTick;
    int level =
        difference == 0 ? 0 : (Long.SIZE - 1 - Long.numberOfLeadingZeros(difference)) / DIGIT_BITS;
    int digit = (int) (tick >>> level * DIGIT_BITS) & DIGITS - 1;
    int slot = level * DIGITS + digit;
    Timer first = slots[slot];
    timer.slot = slot;
    timer.previousInSlot = null;
    timer.nextInSlot = first;
    if (first != null) {
      first.previousInSlot = timer;
    }
    slots[slot] = timer;
    leastNanos[slot] = Math.min(leastNanos[slot], timer.alarmNanos);
    occupied[level] |= 1L << digit;
  }

  private void unlink(Timer timer) {
    int slot = timer.slot;
    Timer previous = timer.previousInSlot;
    Timer next = timer.nextInSlot;
    if (previous == null) {
      slots[slot] = next;
    } else {
      previous.nextInSlot = next;
    }
    if (next != null) {
      next.previousInSlot = previous;
    }
    timer.slot = NO_SLOT;
    timer.previousInSlot = null;
    timer.nextInSlot = null;
    if (slots[slot] == null) {
      leastNanos[slot] = NEVER_NANOS;
      occupied[slot / DIGITS] &= ~(1L << slot % DIGITS);
    }
  }

  /** The current tick has come to {@code slot}: its alarms go to lower levels. */
  private void cascade(int slot) {
    for (Timer timer = slots[slot]; timer != null; timer = slots[slot]) {
      unlink(timer);
      place(timer);
    }
  }

  private @Nullable Timer takeDue(int slot, long nowNanos) {
    long least = NEVER_NANOS;
    for (Timer timer = slots[slot]; timer != null; timer = timer.nextInSlot) {
      if (timer.alarmNanos <= nowNanos) {
        cancel(timer);
        return timer;
      }
      least = Math.min(least, timer.alarmNanos);
    }
    leastNanos[slot] = least;
    return null;
  }
}
