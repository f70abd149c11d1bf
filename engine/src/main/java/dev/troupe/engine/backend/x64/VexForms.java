package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Op;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The VEX form of each legacy vector row: the one of the same name with a `V` in front. It takes
/// the same registers in the same order, but the result has one of its own.
final class VexForms {
  private static final @Nullable X64Op[] FORMS = new @Nullable X64Op[X64Op.count()];

  static {
    Map<String, X64Op> rows = new HashMap<>();
    for (X64Op row : X64Op.values()) {
      rows.put(row.name(), row);
    }
    for (X64Op row : X64Op.values()) {
      FORMS[row.ordinal()] = rows.get("V" + row.name());
    }
  }

  private VexForms() {}

  /// @throws IllegalStateException if the table has no such row
  static X64Op of(X64Op legacy) {
    X64Op form = FORMS[legacy.ordinal()];
    if (form == null) {
      throw new IllegalStateException(legacy + " has no VEX form in the table");
    }
    return form;
  }
}
