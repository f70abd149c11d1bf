package dev.troupe.actors.admission;

/** Bytes of the modules that a tenant has deployed, over time. Thread-safe. */
public final class DeployedBytes {
  private final TimeIntegral bytes = new TimeIntegral(System.nanoTime());

  /** From now on there are so many. */
  public synchronized void set(long newBytes) {
    bytes.set(newBytes, System.nanoTime());
  }

  /** Bytes times seconds since the beginning. Never decreases. */
  public synchronized long byteSeconds() {
    return bytes.seconds(System.nanoTime());
  }
}
