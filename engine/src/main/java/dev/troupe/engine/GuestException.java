package dev.troupe.engine;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.VmException;
import dev.troupe.engine.runtime.exec.ExceptionSignal;
import dev.troupe.engine.runtime.exec.Trap;
import java.util.List;

/**
 * An exception of a guest. Thrown by calls whose guest threw it and caught it nowhere; a trap of
 * kind {@link TrapKind#UNCAUGHT_EXCEPTION} to those who only know traps. A host function throws one
 * for its caller to catch, be it one of its own or one that a guest has thrown at it.
 */
public final class GuestException extends TrapException implements ExceptionSignal {
  private static final long serialVersionUID = 1L;

  private final transient Store<?> store;
  private final transient VmException exception;

  GuestException(Store<?> store, Trap trap, VmException exception) {
    super(trap);
    this.store = store;
    this.exception = exception;
  }

  /** What a reference to an exception is to the host. */
  static GuestException of(Store<?> store, VmException exception) {
    TrapKind kind = TrapKind.UNCAUGHT_EXCEPTION;
    return new GuestException(store, new Trap(kind, kind.message(), List.of(), null), exception);
  }

  /**
   * An exception to throw from a host function.
   *
   * @param values what the tag's exceptions carry
   * @throws IllegalArgumentException when the values do not fit the tag
   */
  public GuestException(Tag tag, List<Value> values) {
    super(TrapKind.UNCAUGHT_EXCEPTION, "");
    this.store = tag.store();
    this.exception =
        new VmException(tag.internal(), Values.toRaw(tag.store(), tag.type().function(), values));
    this.exception.keep();
  }

  /** What kind of exception it is. */
  public Tag tag() {
    return new Tag(store, exception.tag());
  }

  /** What it carries. */
  public List<Value> values() {
    return Values.fromRaw(store, exception.tag().type().function().params(), exception.values());
  }

  @Override
  public VmException exception() {
    return exception;
  }
}
