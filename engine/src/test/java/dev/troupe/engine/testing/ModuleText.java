package dev.troupe.engine.testing;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A module as lines of text that two encodings of the same module share: nothing in it depends on
 * offsets or on how long integers are written.
 */
public final class ModuleText {
  private final WasmModule module;
  private final List<String> lines = new ArrayList<>();

  private ModuleText(WasmModule module) {
    this.module = module;
  }

  /** The module without its custom sections. */
  public static List<String> of(WasmModule module) {
    ModuleText text = new ModuleText(module);
    text.definitions();
    text.segments();
    text.bodies();
    return text.lines;
  }

  /** The module's custom sections. */
  public static List<String> customSections(WasmModule module) {
    List<String> lines = new ArrayList<>();
    for (CustomSection section : module.customSections()) {
      lines.add(
          "custom %s after %d: %s"
              .formatted(
                  section.name(),
                  section.afterSection(),
                  hex(module.bytes(), section.offset(), section.length())));
    }
    return lines;
  }

  private void definitions() {
    module.types().asList().forEach(type -> lines.add("type " + type.composite()));
    module.imports().forEach(imported -> lines.add("import " + imported));
    for (int i = 0; i < module.functionCount(); i++) {
      lines.add("function type " + module.functionTypeIndex(i));
    }
    module.tables().forEach(table -> lines.add("table " + table));
    module.memories().forEach(memory -> lines.add("memory " + memory));
    for (int i = 0; i < module.globals().size(); i++) {
      String initializer =
          i < module.importedGlobalCount() ? "" : text(module.globalInitializer(i));
      lines.add("global " + module.globals().get(i) + " " + initializer);
    }
    module.exports().forEach(export -> lines.add("export " + export));
    lines.add("start " + module.startFunction());
    lines.add("data count " + module.dataCount());
  }

  private void segments() {
    for (ElementSegment segment : module.elements()) {
      StringBuilder items = new StringBuilder();
      for (int i = 0; i < segment.count(); i++) {
        items.append(' ').append(text(segment.items().item(i)));
      }
      lines.add("elements " + segment.type() + " " + text(segment.mode()) + items);
    }
    for (DataSegment segment : module.data()) {
      String bytes = hex(module.bytes(), segment.offset(), segment.length());
      lines.add("data " + text(segment.mode()) + " " + bytes);
    }
  }

  private static String text(SegmentMode mode) {
    return switch (mode) {
      case SegmentMode.Active active -> "active " + active.index() + " " + text(active.offset());
      case SegmentMode.Passive unused -> "passive";
      case SegmentMode.Declarative unused -> "declarative";
    };
  }

  private static String text(ConstExpr expression) {
    return expression.ops().toString();
  }

  private static String hex(byte[] bytes, int offset, int length) {
    return java.util.HexFormat.of().formatHex(bytes, offset, offset + length);
  }

  private void bodies() {
    InstructionReader reader = new InstructionReader(module.bytes(), WasmFeatures.ALL);
    for (FuncBody body : module.bodies()) {
      lines.add("body " + locals(body));
      reader.position(body.codeOffset());
      while (reader.position() < body.end()) {
        lines.add(instruction(reader.next(), reader));
      }
    }
  }

  // Encoders may split or join runs of locals of one type.
  private static String locals(FuncBody body) {
    StringBuilder out = new StringBuilder();
    for (FuncBody.LocalGroup group : body.locals()) {
      out.append((group.type().text() + " ").repeat(group.count()));
    }
    return out.toString();
  }

  private static String instruction(WasmOp op, InstructionReader r) {
    return switch (op.immediate()) {
      case NONE, ZERO_BYTE -> op.name();
      case BLOCK_TYPE -> op + " " + r.blockType();
      case TRY_TABLE -> op + " " + r.blockType() + list(r);
      case LABEL, FUNCTION, TYPE, LOCAL, GLOBAL, TABLE, ELEMENT, DATA, TAG, MEMORY ->
          op + " " + r.index();
      case LABEL_TABLE -> op + list(r) + " " + r.index();
      case BRANCH_ON_CAST ->
          op + " " + r.index2() + " " + r.index() + " " + r.heapType() + " " + r.heapType2();
      case CALL_INDIRECT,
          TABLE_INIT,
          TABLE_COPY,
          TYPE_FIELD,
          TYPE_COUNT,
          TYPE_DATA,
          TYPE_ELEMENT,
          TYPE_TYPE,
          MEMORY_INIT,
          MEMORY_COPY ->
          op + " " + r.index() + " " + r.index2();
      case SELECT_TYPES -> op + list(r);
      case MEM_ARG -> op + memArg(r);
      case MEM_ARG_LANE -> op + memArg(r) + " lane " + r.index2();
      case I32, F32, LANE -> op + " " + r.i32();
      case I64, F64 -> op + " " + r.i64();
      case V128, SHUFFLE -> op + " " + r.i64() + " " + r.i64High();
      case HEAP_TYPE -> op + " " + r.heapType();
    };
  }

  private static String memArg(InstructionReader r) {
    return " " + r.index() + " offset " + r.memoryOffset() + " align " + r.alignLog2();
  }

  private static String list(InstructionReader r) {
    int[] items = new int[r.listSize()];
    Arrays.setAll(items, r::listItem);
    return " " + Arrays.toString(items);
  }
}
