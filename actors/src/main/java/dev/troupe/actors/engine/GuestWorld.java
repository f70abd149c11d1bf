package dev.troupe.actors.engine;

import dev.troupe.actors.port.GuestLog;
import dev.troupe.engine.TrapException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** All that a program sees during one call. Used by one thread at a time. */
public interface GuestWorld extends AutoCloseable {

  /** What it wrote to its standard output; null when that went into the call's streams. */
  byte @Nullable [] output();

  /** What it wrote to its standard error. Holds after the end, too. */
  GuestLog log();

  /** The status with which the program ended itself, if that is what the trap is about. */
  OptionalInt exitStatus(TrapException trap);

  /** Takes everything away from the program; its streams end. After its store was closed. */
  @Override
  void close();
}
