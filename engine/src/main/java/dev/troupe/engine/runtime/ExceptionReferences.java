package dev.troupe.engine.runtime;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions that guests of one store have references to. A reference is a number with three
 * zero bits at the end, far below all addresses. Guests say nowhere that they need one no more, so
 * only the newest are kept, up to {@link #MOST_BYTES}: who throws an older one again traps.
 */
public final class ExceptionReferences {
  /** Java memory that the kept exceptions of one store take, about. */
  private static final long MOST_BYTES = 8L << 20;

  private static final int EXCEPTION_BYTES = 160;
  private static final int VALUE_BYTES = 16;

  /** A handle, its slot and what watches over it. */
  private static final int HANDLE_BYTES = 128;

  private static final int REFERENCE_SHIFT = 3;

  private final Map<Long, VmException> kept = new LinkedHashMap<>();
  private long newest;
  private long bytes;

  /** The reference to an exception, which is kept from now on. */
  public long referenceOf(VmException exception) {
    long known = exception.reference();
    if (known != 0 && kept.containsKey(known)) {
      return known;
    }
    long reference = ++newest << REFERENCE_SHIFT;
    exception.reference(reference);
    exception.keep();
    kept.put(reference, exception);
    bytes += bytes(exception);
    Iterator<VmException> oldest = kept.values().iterator();
    while (bytes > MOST_BYTES) {
      bytes -= bytes(oldest.next());
      oldest.remove();
    }
    return reference;
  }

  private static int bytes(VmException exception) {
    return EXCEPTION_BYTES
        + exception.tag().type().function().paramCount() * VALUE_BYTES
        + exception.tag().referenceCount() * HANDLE_BYTES;
  }

  /** The exception with this reference, or null when it is kept no more. */
  public @Nullable VmException find(long reference) {
    return kept.get(reference);
  }

  /** Every exception that guests can refer to. */
  public void forEach(Consumer<VmException> action) {
    kept.values().forEach(action);
  }
}
