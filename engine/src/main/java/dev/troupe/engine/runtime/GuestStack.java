package dev.troupe.engine.runtime;

/**
 * A native stack for one fiber.
 *
 * <pre>
 *   top    | guest frames   | 16-aligned; the first push goes below
 *          |      ...       |
 *   limit  | head room      | HEAD_ROOM_BYTES: signal frames, fault handlers, the preemption frame
 *          | guard          | no access
 * </pre>
 */
public interface GuestStack extends AutoCloseable {
  /** Accessible bytes that every stack has below {@link #limit()}. */
  long HEAD_ROOM_BYTES = 64 << 10;

  /** Address after the highest byte, 16-aligned. */
  long top();

  /** Lowest stack pointer that guest functions may reach. */
  long limit();

  /** Gives the stack back; no fiber uses it any more. Called once. */
  @Override
  void close();
}
