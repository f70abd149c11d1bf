package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;

/**
 * A compiled module: data that cannot run. The compiler makes one and {@link ArtifactWriter} turns
 * it into bytes; {@link ArtifactReader} makes one over the bytes of a file, without copying the
 * code.
 *
 * @param metadata the engine that compiled it
 * @param module types, imports, exports, tables, memories, globals, segments, names. Read from a
 *     file it has no bodies, of the custom sections only {@code name}, and no bytes for segments
 *     that are part of an image
 * @param text the machine code; a multiple of the page size, filled up with {@code int3}
 * @param functions where the code of each defined function is
 * @param traps instructions that may trap
 * @param addresses text offset to byte offset in the module
 * @param stackMaps where references are at safepoints
 * @param exceptions calls in reach of exception handlers
 * @param images initial memory contents
 * @param segmentsInImage numbers of the active data segments that {@code images} contain already:
 *     instantiation need not copy them (they count as dropped, like every active segment)
 */
public record CompiledModule(
    EngineMetadata metadata,
    WasmModule module,
    MemorySegment text,
    FunctionTable functions,
    TrapTable traps,
    AddressMap addresses,
    StackMaps stackMaps,
    ExceptionTable exceptions,
    List<MemoryImage> images,
    BitSet segmentsInImage) {

  /** Checks what concerns several parts. */
  public CompiledModule {
    images = List.copyOf(images);
    segmentsInImage = (BitSet) segmentsInImage.clone();
    if (text.byteSize() % MemoryImage.PAGE_BYTES != 0
        || text.byteSize() < functions.endOfCode()
        || text.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("text of " + text.byteSize() + " bytes");
    }
    if (functions.count() != module.functionCount() - module.importedFunctionCount()) {
      throw new IllegalArgumentException("function table does not fit the module");
    }
    if (segmentsInImage.length() > module.data().size()) {
      throw new IllegalArgumentException("no data segment " + (segmentsInImage.length() - 1));
    }
  }
}
