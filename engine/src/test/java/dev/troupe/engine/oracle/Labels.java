package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels that a branch may go to, innermost last; loops are there but are not targets. */
final class Labels {
  private final List<@Nullable List<ValType>> types = new ArrayList<>();

  /** Opens a block whose label carries these types, or a loop (null). */
  void push(@Nullable List<ValType> carried) {
    types.add(carried);
  }

  void pop() {
    types.removeLast();
  }

  int count() {
    return types.size();
  }

  /** What a branch to this relative depth carries, or null when it must not be taken. */
  @Nullable List<ValType> carried(int label) {
    return types.get(types.size() - 1 - label);
  }
}
