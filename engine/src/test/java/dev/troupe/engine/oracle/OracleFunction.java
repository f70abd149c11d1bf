package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.FuncType;

/** A function of a guest or of the host. */
public sealed interface OracleFunction {
  FuncType type();

  /** The number of its type. */
  int typeId(OracleTypes types);

  /** Function {@code index} of an instance. */
  record Guest(OracleInstance instance, int index, FuncType type) implements OracleFunction {
    @Override
    public int typeId(OracleTypes types) {
      return types.id(instance.module, instance.module.functionTypeIndex(index));
    }
  }

  /** A function of the host. */
  record Host(FuncType type, Body body) implements OracleFunction {
    @Override
    public int typeId(OracleTypes types) {
      return types.id(type);
    }
  }

  /** What a host function does: arguments in, results out. */
  interface Body {
    long[] call(long[] arguments);
  }
}
