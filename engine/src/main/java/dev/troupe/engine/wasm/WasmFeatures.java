package dev.troupe.engine.wasm;

/** An immutable set of {@link WasmFeature}s; {@code bits} has bit {@code ordinal} per feature. */
public record WasmFeatures(long bits) {
  /** WebAssembly 1.0 with nothing added. */
  public static final WasmFeatures WASM1 =
      new WasmFeatures(0).with(WasmFeature.MVP).with(WasmFeature.MUTABLE_GLOBALS);

  /** WebAssembly 2.0 without vectors. */
  public static final WasmFeatures WASM2_SCALAR =
      WASM1
          .with(WasmFeature.SIGN_EXTENSION)
          .with(WasmFeature.SATURATING_FLOAT_TO_INT)
          .with(WasmFeature.MULTI_VALUE)
          .with(WasmFeature.BULK_MEMORY)
          .with(WasmFeature.REFERENCE_TYPES);

  /** WebAssembly 2.0. */
  public static final WasmFeatures WASM2 = WASM2_SCALAR.with(WasmFeature.SIMD);

  /** WebAssembly 3.0. */
  public static final WasmFeatures WASM3 =
      WASM2
          .with(WasmFeature.RELAXED_SIMD)
          .with(WasmFeature.TAIL_CALL)
          .with(WasmFeature.EXTENDED_CONST)
          .with(WasmFeature.MULTI_MEMORY)
          .with(WasmFeature.MEMORY64)
          .with(WasmFeature.FUNCTION_REFERENCES)
          .with(WasmFeature.GC)
          .with(WasmFeature.EXCEPTIONS);

  /** Every feature. */
  public static final WasmFeatures ALL = new WasmFeatures((1L << WasmFeature.values().length) - 1);

  /** What an engine accepts unless told otherwise: everything that the compiler supports. */
  public static final WasmFeatures DEFAULT =
      WASM2
          .with(WasmFeature.RELAXED_SIMD)
          .with(WasmFeature.EXTENDED_CONST)
          .with(WasmFeature.MULTI_MEMORY)
          .with(WasmFeature.MEMORY64)
          .with(WasmFeature.TAIL_CALL)
          .with(WasmFeature.FUNCTION_REFERENCES)
          .with(WasmFeature.GC)
          .with(WasmFeature.THREADS)
          .with(WasmFeature.EXCEPTIONS);

  public boolean contains(WasmFeature feature) {
    return (bits & bit(feature)) != 0;
  }

  public WasmFeatures with(WasmFeature feature) {
    return new WasmFeatures(bits | bit(feature));
  }

  public WasmFeatures without(WasmFeature feature) {
    return new WasmFeatures(bits & ~bit(feature));
  }

  /** Whether every feature of {@code other} is in this set too. */
  public boolean containsAll(WasmFeatures other) {
    return (other.bits & ~bits) == 0;
  }

  private static long bit(WasmFeature feature) {
    return 1L << feature.ordinal();
  }

  /**
   * The feature that users call {@code name}.
   *
   * @throws IllegalArgumentException when there is none; the message lists those that are off
   *     unless asked for, each on a line
   */
  public static WasmFeature named(String name) {
    StringBuilder known = new StringBuilder();
    for (WasmFeature feature : WasmFeature.values()) {
      if (feature.text().equals(name)) {
        return feature;
      }
      if (!DEFAULT.contains(feature)) {
        known.append("\n  ").append(feature.text()).append(": ").append(feature.summary());
      }
    }
    throw new IllegalArgumentException("there is no feature " + name + "; there are" + known);
  }

  /** Names in declaration order, separated by commas. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (WasmFeature feature : WasmFeature.values()) {
      if (contains(feature)) {
        out.append(out.isEmpty() ? "" : ",").append(feature.text());
      }
    }
    return out.toString();
  }
}
