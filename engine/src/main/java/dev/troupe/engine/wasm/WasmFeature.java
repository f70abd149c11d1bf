package dev.troupe.engine.wasm;

/**
 * Standardised additions to the first WebAssembly release, each of which an engine may turn off.
 * The order is part of {@link WasmFeatures#bits()}: append only.
 */
public enum WasmFeature {
  /** WebAssembly 1.0. Always on. */
  MVP("mvp"),
  MUTABLE_GLOBALS("mutable-globals"),
  SIGN_EXTENSION("sign-extension"),
  SATURATING_FLOAT_TO_INT("saturating-float-to-int"),
  MULTI_VALUE("multi-value"),
  BULK_MEMORY("bulk-memory"),
  REFERENCE_TYPES("reference-types"),
  SIMD("simd"),
  RELAXED_SIMD("relaxed-simd"),
  TAIL_CALL("tail-call"),
  EXTENDED_CONST("extended-const"),
  MULTI_MEMORY("multi-memory"),
  MEMORY64("memory64"),
  FUNCTION_REFERENCES("function-references"),
  GC("gc"),
  EXCEPTIONS("exceptions"),
  THREADS("threads"),
  /** Proposal, not in WebAssembly 3.0: off by default. */
  WIDE_ARITHMETIC("wide-arithmetic", "i64.add128, i64.sub128, i64.mul_wide_s, i64.mul_wide_u"),
  /** Proposal, not in WebAssembly 3.0: off by default. */
  CUSTOM_PAGE_SIZES("custom-page-sizes", "memories with pages of one byte"),
  /** What {@link #EXCEPTIONS} replaced: {@code try}, {@code rethrow} and others. Off by default. */
  LEGACY_EXCEPTIONS(
      "legacy-exceptions", "try, catch, delegate, rethrow, as before WebAssembly 3.0"),
  /** Proposal: {@link BranchHints} tell the compiler what branches will do. Off by default. */
  BRANCH_HINTING(
      "branch-hinting", "metadata.code.branch_hint sections tell the compiler what is likely");

  private final String text;
  private final String summary;

  WasmFeature(String text) {
    this(text, "part of WebAssembly 3.0");
  }

  WasmFeature(String text, String summary) {
    this.text = text;
    this.summary = summary;
  }

  /** What it allows, in a few words. */
  public String summary() {
    return summary;
  }

  /** The name users see in options and messages. */
  public String text() {
    return text;
  }
}
