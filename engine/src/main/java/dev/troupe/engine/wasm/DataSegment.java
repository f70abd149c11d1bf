package dev.troupe.engine.wasm;

/**
 * A data segment (section 2.5.8); its bytes are a range of the module's bytes.
 *
 * @param offset first byte in {@link WasmModule#bytes()}
 * @param length number of bytes
 */
public record DataSegment(SegmentMode mode, int offset, int length) {}
