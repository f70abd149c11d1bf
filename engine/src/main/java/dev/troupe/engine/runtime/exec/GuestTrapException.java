package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.TrapKind;
import org.jspecify.annotations.Nullable;

/** A trap raised by the host's side of a host function. */
public final class GuestTrapException extends RuntimeException implements TrapSignal {
  private static final long serialVersionUID = 1L;

  private final TrapKind kind;

  /** A trap of this kind; the message starts with the kind's own. */
  public GuestTrapException(TrapKind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  @Override
  public TrapKind kind() {
    return kind;
  }

  @Override
  public String text() {
    return String.valueOf(getMessage());
  }

  @Override
  public @Nullable Throwable reason() {
    return null;
  }
}
