package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.WasmModule;

/** Writes protobuf message {@code dev.troupe.artifact.v1.ModuleInfo}. */
final class ModuleInfoWriter {
  static final int PASSIVE = 0;
  static final int DECLARATIVE = 1;
  static final int ACTIVE = 2;

  private final CompiledModule compiled;
  private final WasmModule module;
  private final WireWriter out = new WireWriter();

  ModuleInfoWriter(CompiledModule compiled) {
    this.compiled = compiled;
    this.module = compiled.module();
  }

  byte[] write() {
    // Counts first: they bound every index that follows.
    imports();
    int[] functionTypes = new int[compiled.functions().count()];
    for (int i = 0; i < functionTypes.length; i++) {
      functionTypes[i] = module.functionTypeIndex(module.importedFunctionCount() + i);
    }
    out.packed(2, functionTypes);
    for (int t = module.importedTableCount(); t < module.tables().size(); t++) {
      WireWriter table = table(module.tables().get(t));
      ConstExpr initializer = module.tableInitializer(t);
      if (initializer != null) {
        table.message(3, ConstantCodec.encode(initializer));
      }
      out.message(3, table);
    }
    for (int m = module.importedMemoryCount(); m < module.memories().size(); m++) {
      out.message(4, memory(module.memories().get(m)));
    }
    for (int g = module.importedGlobalCount(); g < module.globals().size(); g++) {
      WireWriter global = new WireWriter();
      global.message(1, global(module.globals().get(g)));
      global.message(2, ConstantCodec.encode(module.globalInitializer(g)));
      out.message(5, global);
    }
    for (Export export : module.exports()) {
      WireWriter message = new WireWriter();
      message.string(1, export.name());
      message.uint(2, export.kind().ordinal());
      message.uint(3, export.index());
      out.message(6, message);
    }
    out.uint(7, module.startFunction() + 1);
    for (ElementSegment segment : module.elements()) {
      out.message(8, element(segment));
    }
    out.uint(9, module.dataCount() + 1);
    for (int d = 0; d < module.data().size(); d++) {
      out.message(10, data(module.data().get(d), compiled.segmentsInImage().get(d)));
    }
    out.message(11, functions());
    for (MemoryImage image : compiled.images()) {
      WireWriter message = new WireWriter();
      message.uint(1, image.memoryIndex());
      message.uint(2, image.memoryOffset());
      message.uint(3, image.contents().byteSize());
      out.message(12, message);
    }
    int[] tagTypes = new int[module.tags().size() - module.importedTagCount()];
    for (int t = 0; t < tagTypes.length; t++) {
      tagTypes[t] = module.tagTypeIndex(module.importedTagCount() + t);
    }
    out.packed(13, tagTypes);
    return out.toByteArray();
  }

  private void imports() {
    int function = 0;
    int tag = 0;
    for (Import imported : module.imports()) {
      WireWriter message = new WireWriter();
      message.string(1, imported.module());
      message.string(2, imported.name());
      // Nothing here switches over patterns, for which the JVM generates a class at every start.
      switch (imported.type().kind()) {
        case FUNC -> message.uintAlways(3, module.functionTypeIndex(function++));
        case TABLE -> message.message(4, table((TableType) imported.type()));
        case MEMORY -> message.message(5, memory((MemoryType) imported.type()));
        case GLOBAL -> message.message(6, global((GlobalType) imported.type()));
        case TAG -> message.uintAlways(7, module.tagTypeIndex(tag++));
      }
      out.message(1, message);
    }
  }

  private static WireWriter table(TableType type) {
    WireWriter message = new WireWriter();
    message.uint(1, type.element().code());
    message.message(2, limits(type.limits()));
    return message;
  }

  private static WireWriter memory(MemoryType type) {
    WireWriter message = new WireWriter();
    message.message(1, limits(type.limits()));
    message.bool(2, type.shared());
    message.uint(3, MemoryType.PAGE_LOG2 - type.pageSizeLog2());
    return message;
  }

  private static WireWriter global(GlobalType type) {
    WireWriter message = new WireWriter();
    message.uint(1, type.type().code());
    message.bool(2, type.mutable());
    return message;
  }

  private static WireWriter limits(Limits limits) {
    WireWriter message = new WireWriter();
    message.uint(1, limits.min());
    Long max = limits.max();
    if (max != null) {
      message.uintAlways(2, max);
    }
    message.bool(3, limits.is64());
    return message;
  }

  private static void mode(WireWriter message, SegmentMode mode) {
    if (mode instanceof SegmentMode.Active active) {
      message.uint(1, ACTIVE);
      message.uint(2, active.index());
      message.message(3, ConstantCodec.encode(active.offset()));
    } else {
      message.uint(1, mode instanceof SegmentMode.Passive ? PASSIVE : DECLARATIVE);
    }
  }

  private static WireWriter element(ElementSegment segment) {
    WireWriter message = new WireWriter();
    mode(message, segment.mode());
    message.uint(4, segment.type().code());
    if (segment.items() instanceof ElementSegment.Functions functions) {
      int[] indexes = new int[functions.count()];
      for (int i = 0; i < indexes.length; i++) {
        indexes[i] = functions.functionIndex(i);
      }
      message.packed(5, indexes);
    } else {
      message.bool(6, true);
      for (int i = 0; i < segment.count(); i++) {
        message.message(7, ConstantCodec.encode(segment.items().item(i)));
      }
    }
    return message;
  }

  private static WireWriter data(DataSegment segment, boolean inImage) {
    WireWriter message = new WireWriter();
    mode(message, segment.mode());
    message.uint(4, inImage ? 0 : segment.length());
    message.bool(5, inImage);
    return message;
  }

  private WireWriter functions() {
    FunctionTable table = compiled.functions();
    int count = table.count();
    int[] gaps = new int[count];
    int[] prologues = new int[count];
    int end = 0;
    for (int i = 0; i < count; i++) {
      gaps[i] = table.start(i) - end;
      prologues[i] = table.prologueEnd(i) - table.start(i);
      end = table.end(i);
    }
    WireWriter message = new WireWriter();
    message.packed(1, gaps);
    message.packed(2, table.sizes);
    message.packed(3, table.frameBytes);
    message.packed(4, prologues);
    message.packed(5, table.saves);
    return message;
  }
}
