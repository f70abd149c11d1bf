package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.runtime.GuestCode;
import dev.troupe.engine.runtime.VmFunction;

/**
 * A function with everything that entering it needs, looked up once.
 *
 * @param function what is called
 * @param preamble where a fresh fiber starts: loads arguments, calls, stores results
 * @param moves what the preamble has to be told, or 0
 * @param code entry of the function
 * @param context its instance context
 */
public record CallTarget(VmFunction function, long preamble, long moves, long code, long context) {
  /** The target for calls of this function. */
  public static CallTarget of(VmFunction function) {
    function.store().checkOpen();
    function.store().ensureValues(function.type());
    GuestCode stubs = GuestCode.instance();
    long preamble = stubs.entryPreamble(function.type());
    long moves = stubs.isGeneric(preamble) ? function.store().moves(function.type()) : 0;
    return new CallTarget(function, preamble, moves, function.code(), function.context());
  }
}
