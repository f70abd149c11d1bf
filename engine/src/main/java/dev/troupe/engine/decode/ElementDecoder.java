package dev.troupe.engine.decode;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads element segments (section 5.5.12). The kind is three bits: bit 0 says passive or
 * declarative, bit 1 an explicit table index (active) or declarative (otherwise), bit 2 expressions
 * instead of function indexes.
 */
final class ElementDecoder {
  private static final int NOT_ACTIVE = 1;
  private static final int EXPLICIT = 2;
  private static final int EXPRESSIONS = 4;

  /** What entries given as function indexes are: never null. */
  private static final RefType FUNCTION = new RefType(false, AbstractHeapType.FUNC);

  private final WasmReader in;
  private final DefinitionReader definitions;
  private final ConstExprReader expressions;
  private final WasmLimits limits;

  ElementDecoder(
      WasmReader in, DefinitionReader definitions, ConstExprReader expressions, WasmLimits limits) {
    this.in = in;
    this.definitions = definitions;
    this.expressions = expressions;
    this.limits = limits;
  }

  ElementSegment segment() {
    int start = in.position();
    int kind = in.u32();
    if (Integer.compareUnsigned(kind, 7) > 0) {
      throw new MalformedException("malformed elements segment kind", start);
    }
    SegmentMode mode = mode(kind);
    boolean hasType = (kind & (NOT_ACTIVE | EXPLICIT)) != 0;
    if ((kind & EXPRESSIONS) != 0) {
      RefType type = hasType ? definitions.refType() : RefType.FUNCREF;
      return new ElementSegment(type, mode, expressionItems());
    }
    if (hasType) {
      elementKind();
    }
    return new ElementSegment(FUNCTION, mode, functionItems());
  }

  private SegmentMode mode(int kind) {
    if ((kind & NOT_ACTIVE) != 0) {
      return (kind & EXPLICIT) != 0 ? SegmentMode.DECLARATIVE : SegmentMode.PASSIVE;
    }
    int table = (kind & EXPLICIT) != 0 ? in.u32() : 0;
    return new SegmentMode.Active(table, expressions.read());
  }

  private void elementKind() {
    int start = in.position();
    if (in.u8() != 0) {
      throw new MalformedException("malformed element kind", start);
    }
  }

  private int count() {
    int start = in.position();
    int count = in.length();
    if (count > limits.maxElementsPerSegment()) {
      throw new LimitExceededException(
          "too many elements", count, limits.maxElementsPerSegment(), start);
    }
    return count;
  }

  private ElementSegment.Items functionItems() {
    int[] indices = new int[count()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = in.u32();
    }
    return new ElementSegment.Functions(indices);
  }

  private ElementSegment.Items expressionItems() {
    int count = count();
    List<ConstExpr> items = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      items.add(expressions.read());
    }
    return new ElementSegment.Expressions(items);
  }
}
