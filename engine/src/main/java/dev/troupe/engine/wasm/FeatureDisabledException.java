package dev.troupe.engine.wasm;

/** A module that uses a feature of WebAssembly that this engine has turned off. */
public final class FeatureDisabledException extends InvalidException {
  private static final long serialVersionUID = 1L;

  private final WasmFeature feature;

  /** {@code what} names the construct, for example an instruction's mnemonic. */
  public FeatureDisabledException(WasmFeature feature, String what, int offset) {
    super(what + ": " + feature.text() + " feature not enabled", offset);
    this.feature = feature;
  }

  /** The feature that would have to be on. */
  public WasmFeature feature() {
    return feature;
  }

  @Override
  public WasmFeature missingFeature() {
    return feature;
  }
}
