package dev.troupe.engine.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives functions their handles, so that references can pass between instances. */
public final class OracleStore {
  /** Fuel of a store that is not told otherwise: instructions until {@link #useFuel} gives up. */
  private static final long FUEL = 2_000_000_000L;

  private final List<OracleFunction> functions = new ArrayList<>();
  private final Map<OracleFunction, Long> handles = new HashMap<>();
  private long fuel = FUEL;

  /** The handle of a function; never 0. */
  public long handle(OracleFunction function) {
    return handles.computeIfAbsent(
        function,
        added -> {
          functions.add(added);
          return (long) functions.size();
        });
  }

  /** The function with this handle. */
  public OracleFunction function(long handle) {
    return functions.get((int) handle - 1);
  }

  /** Counts one instruction; a test whose guest runs this long has a defect. */
  void useFuel() {
    if (--fuel < 0) {
      throw new IllegalStateException("oracle out of fuel");
    }
  }
}
