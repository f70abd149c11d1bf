package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.artifact.EngineMetadata;
import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.artifact.MemoryImage;
import dev.troupe.engine.artifact.TrapTable;
import dev.troupe.engine.contract.CompileRequest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A compiled module before it becomes an artifact.
 *
 * @param plan where it comes from
 * @param text its code
 * @param heap initial contents of its memories
 */
record LinkedModule(ModulePlan plan, LinkedText text, HeapImages.Result heap) {

  /** The same as the records that artifacts are written from. */
  CompiledModule toCompiledModule() {
    CompileRequest request = plan.request();
    List<MemoryImage> images = new ArrayList<>();
    for (HeapImages.Image image : heap.images()) {
      MemorySegment contents = MemorySegment.ofArray(image.bytes());
      images.add(new MemoryImage(image.memory(), image.offsetBytes(), contents));
    }
    BitSet inImage = new BitSet();
    for (int s = 0; s < heap.segmentsInImages().length; s++) {
      inImage.set(s, heap.segmentsInImages()[s]);
    }
    return new CompiledModule(
        EngineMetadata.current(request.isa(), request.tunables(), request.features()),
        plan.module(),
        MemorySegment.ofArray(text.text()),
        FunctionTable.of(
            text.functionStarts(),
            text.functionSizes(),
            text.frameBytes(),
            text.prologueEnds(),
            text.saves()),
        TrapTable.of(text.trapOffsets(), text.trapKinds()),
        text.addresses(),
        text.stackMaps(),
        text.exceptions(),
        images,
        inImage);
  }
}
