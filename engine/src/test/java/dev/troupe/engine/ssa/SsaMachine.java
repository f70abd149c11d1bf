package dev.troupe.engine.ssa;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.TrapKind;

/**
 * What an interpreted function sees of the world. Values are longs as in {@link SsaInterpreter}.
 */
public interface SsaMachine {
  /** Reads a linear memory; traps when out of bounds. The result is zero-extended. */
  long load(int memory, long index, long offset, int bytes);

  /** Writes a linear memory; traps when out of bounds. */
  void store(int memory, long index, long offset, int bytes, long value);

  /** Reads a field of the instance. */
  long contextLoad(int offset, int bytes);

  /** Writes a field of the instance. */
  void contextStore(int offset, int bytes, long value);

  /** Address of a field of the instance. */
  long contextAddress(int offset);

  /** Reads at a host address. */
  long rawLoad(long address, int offset, int bytes);

  /** Writes at a host address. */
  void rawStore(long address, int offset, int bytes, long value);

  /** Calls a function of the same module. */
  long[] call(int function, long[] arguments);

  /** Calls through a code address. */
  long[] callIndirect(long code, long instance, long[] arguments);

  /** Calls a function of the same module in the place of the one that runs. */
  default long[] returnCall(int function, long[] arguments) {
    return call(function, arguments);
  }

  /** Calls through a code address in the place of the function that runs. */
  default long[] returnCallIndirect(long code, long instance, long[] arguments) {
    return callIndirect(code, instance, arguments);
  }

  /** Calls a routine of the host. */
  long[] callBuiltin(Builtin builtin, long[] arguments);

  /** An exception on its way. */
  final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int tag;
    private final transient long[] values;

    public Thrown(int tag, long[] values) {
      super(null, null, false, false);
      this.tag = tag;
      this.values = values.clone();
    }

    public int tag() {
      return tag;
    }

    public long[] values() {
      return values.clone();
    }
  }

  /** A trap. */
  final class Trap extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final TrapKind kind;

    public Trap(TrapKind kind) {
      super(kind.message(), null, false, false);
      this.kind = kind;
    }

    public TrapKind kind() {
      return kind;
    }
  }
}
