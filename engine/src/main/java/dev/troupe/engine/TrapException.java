package dev.troupe.engine;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.exec.ExceptionSignal;
import dev.troupe.engine.runtime.exec.Trap;
import dev.troupe.engine.runtime.exec.TrapSignal;
import dev.troupe.engine.runtime.exec.WasmFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guest stopped. The message starts with the kind's text ({@link TrapKind#message()}) and ends
 * with the WebAssembly backtrace. A host function may throw one to end its caller with that kind.
 */
public sealed class TrapException extends RuntimeException implements TrapSignal
    permits GuestException {
  private static final long serialVersionUID = 1L;

  private final transient Trap trap;

  /** The exception for a trap. */
  public TrapException(Trap trap) {
    super(render(trap), trap.cause());
    this.trap = trap;
  }

  /** A trap to throw from a host function. */
  public TrapException(TrapKind kind, String detail) {
    this(
        new Trap(
            kind,
            detail.isEmpty() ? kind.message() : kind.message() + ": " + detail,
            List.of(),
            null));
  }

  /** The Java exception for a trap in a store. */
  @SuppressWarnings("ReferenceEquality") // a store is its identity
  static TrapException of(Store<?> store, Trap trap) {
    return trap.cause() instanceof ExceptionSignal signal
            && signal.exception().tag().store() == store.internal()
        ? new GuestException(store, trap, signal.exception())
        : new TrapException(trap);
  }

  private static String render(Trap trap) {
    StringBuilder text = new StringBuilder(trap.message());
    for (WasmFrame frame : trap.frames()) {
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }

  @Override
  public TrapKind kind() {
    return trap.kind();
  }

  /** The guest functions on the stack, innermost first. */
  public List<WasmFrame> frames() {
    return trap.frames();
  }

  /** The message without the backtrace. */
  @Override
  public String text() {
    return trap.message();
  }

  @Override
  public @Nullable Throwable reason() {
    return trap.cause();
  }
}
