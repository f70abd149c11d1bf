package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.TableType;
import java.util.Arrays;

/** A table of reference handles. */
public final class OracleTable {
  private static final long LARGEST = 10_000_000;

  private final TableType type;
  private long[] elements;

  public OracleTable(TableType type) {
    this.type = type;
    if (type.limits().min() > LARGEST) {
      throw new IllegalArgumentException("table too large for the oracle: " + type);
    }
    elements = new long[(int) type.limits().min()];
  }

  public TableType type() {
    return type;
  }

  public int size() {
    return elements.length;
  }

  /** The element, or a trap of the given kind. The index is unsigned. */
  public long get(long index, TrapKind outOfBounds) {
    if (Long.compareUnsigned(index, elements.length) >= 0) {
      throw new OracleTrap(outOfBounds);
    }
    return elements[(int) index];
  }

  public void set(long index, long value) {
    check(index, 1);
    elements[(int) index] = value;
  }

  private void check(long index, long length) {
    if (Long.compareUnsigned(index, elements.length) > 0
        || Long.compareUnsigned(length, elements.length - index) > 0) {
      throw new OracleTrap(TrapKind.TABLE_OUT_OF_BOUNDS);
    }
  }

  /** The old size, or -1 when it cannot grow by {@code delta} (unsigned). */
  public int grow(long delta, long value) {
    int old = elements.length;
    long most =
        Long.compareUnsigned(type.limits().maxOr(LARGEST), LARGEST) < 0
            ? type.limits().maxOr(LARGEST)
            : LARGEST;
    if (Long.compareUnsigned(delta, most - old) > 0) {
      return -1;
    }
    elements = Arrays.copyOf(elements, (int) (old + delta));
    Arrays.fill(elements, old, elements.length, value);
    return old;
  }

  public void fill(long index, long value, long length) {
    check(index, length);
    Arrays.fill(elements, (int) index, (int) (index + length), value);
  }

  public void copy(long target, OracleTable from, long source, long length) {
    from.check(source, length);
    check(target, length);
    System.arraycopy(from.elements, (int) source, elements, (int) target, (int) length);
  }

  /** {@code table.init} from a segment's handles. */
  public void init(long target, long[] segment, long source, long length) {
    if (source > segment.length || length > segment.length - source) {
      throw new OracleTrap(TrapKind.TABLE_OUT_OF_BOUNDS);
    }
    check(target, length);
    System.arraycopy(segment, (int) source, elements, (int) target, (int) length);
  }
}
