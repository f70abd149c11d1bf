package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The locals of a function being generated: parameters, random ones, one scratch per type. */
final class Locals {
  private final SplittableRandom random;
  private final int paramCount;
  private final List<ValType> types = new ArrayList<>();
  private final int scratchStart;
  private final int firstScratchReference;
  private final int heapBase;

  Locals(FuncType type, GeneratedShape shape, SplittableRandom random) {
    this.random = random;
    this.paramCount = type.paramCount();
    boolean vectors = shape.vectors();
    types.addAll(type.params());
    // At least one of each type, so that every value can be put somewhere.
    types.addAll(List.of(NumType.values()));
    types.add(RefType.FUNCREF);
    types.add(RefType.EXTERNREF);
    if (vectors) {
      types.add(VecType.V128);
      types.add(VecType.V128);
    }
    types.addAll(shape.heapLocals());
    for (int extra = random.nextInt(12); extra > 0; extra--) {
      types.add(NumType.values()[random.nextInt(4)]);
    }
    scratchStart = types.size();
    types.addAll(List.of(NumType.values()));
    types.add(NumType.I32);
    types.add(NumType.I64);
    if (vectors) {
      types.add(VecType.V128);
    }
    firstScratchReference = types.size();
    heapBase = shape.heap().base();
    for (int i = heapBase; i < shape.heap().end(); i++) {
      types.add(HeapTypes.reference(i));
    }
  }

  /** The declared locals. */
  List<ValType> declared() {
    return types.subList(paramCount, types.size());
  }

  /** A local that only the generator's own sequences use. */
  int scratch(NumType type) {
    return scratchStart + type.ordinal();
  }

  /** A local for addresses that only the generator's own sequences use. */
  int scratchAddress(boolean is64) {
    return scratchStart + NumType.values().length + (is64 ? 1 : 0);
  }

  /** A local for vectors that only the generator's own sequences use. */
  int scratchVector() {
    return firstScratchReference - 1;
  }

  /** A local for references to a type that only the generator's own sequences use. */
  int scratchReference(int typeIndex) {
    return firstScratchReference + typeIndex - heapBase;
  }

  boolean has(ValType type) {
    return types.subList(0, scratchStart).contains(type);
  }

  /** A random local of this type. */
  int pick(ValType type) {
    int found = -1;
    int seen = 0;
    for (int i = 0; i < scratchStart; i++) {
      if (types.get(i).equals(type) && random.nextInt(++seen) == 0) {
        found = i;
      }
    }
    return found;
  }
}
