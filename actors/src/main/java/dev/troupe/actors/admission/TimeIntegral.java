package dev.troupe.actors.admission;

import java.math.BigInteger;

/**
 * An amount that changes now and then, and its integral over time, exactly: 128 bits of amount
 * times nanoseconds. The integral never decreases. Not thread-safe.
 */
final class TimeIntegral {
  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private long amount;
  private long untilNanos;
  private long high;
  private long low;

  /** Begins with nothing at {@code nowNanos}, a monotonic time. */
  TimeIntegral(long nowNanos) {
    untilNanos = nowNanos;
  }

  /** The amount now. */
  long amount() {
    return amount;
  }

  /** From {@code nowNanos} on it is another amount, at least 0. */
  void set(long newAmount, long nowNanos) {
    if (newAmount < 0) {
      throw new IllegalArgumentException("amount " + newAmount + " is negative");
    }
    advance(nowNanos);
    amount = newAmount;
  }

  private void advance(long nowNanos) {
    long nanos = nowNanos - untilNanos;
    if (nanos <= 0) {
      return;
    }
    untilNanos = nowNanos;
    long before = low;
    low += amount * nanos;
    high += Math.multiplyHigh(amount, nanos);
    // The low word of a product is unsigned; so is the low word of a two's complement sum.
    if (Long.compareUnsigned(low, before) < 0) {
      high++;
    }
  }

  /** The integral up to {@code nowNanos} in amount times seconds, rounded down. */
  long seconds(long nowNanos) {
    advance(nowNanos);
    BigInteger sum =
        BigInteger.valueOf(high)
            .shiftLeft(Long.SIZE)
            .add(new BigInteger(Long.toUnsignedString(low)));
    return sum.divide(NANOS_PER_SECOND).min(MOST).longValueExact();
  }
}
