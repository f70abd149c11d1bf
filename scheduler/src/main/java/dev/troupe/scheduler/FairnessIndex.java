package dev.troupe.scheduler;

/**
 * Jain's index of fairness (Jain, Chiu and Hawe, 1984) over values that would be equal in a fair
 * world: {@code (sum x)^2 / (n * sum x^2)}, from 1/n to 1.
 */
final class FairnessIndex {
  private int count;
  private double sum;
  private double sumOfSquares;

  void add(double value) {
    double kept = Math.max(0, value);
    count++;
    sum += kept;
    sumOfSquares += kept * kept;
  }

  /** 1 when there is nobody, or nothing to share. */
  double jain() {
    return sumOfSquares == 0 ? 1 : sum * sum / (count * sumOfSquares);
  }
}
