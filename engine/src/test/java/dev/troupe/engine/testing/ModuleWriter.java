package dev.troupe.engine.testing;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.BlockType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.HeapType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.TypeSection;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;

/** Encodes a decoded module again, with shortest integers: the inverse of the decoder. */
public final class ModuleWriter {
  private final WasmModule module;
  private final ByteWriter out = new ByteWriter().header();

  private ModuleWriter(WasmModule module) {
    this.module = module;
  }

  /** The module's bytes. */
  public static byte[] write(WasmModule module) {
    return new ModuleWriter(module).write();
  }

  private byte[] write() {
    customSections(0);
    section(1, module.types().groupCount(), types());
    section(2, module.imports().size(), imports());
    int defined = module.functionCount() - module.importedFunctionCount();
    section(3, defined, functions());
    section(4, module.tables().size() - module.importedTableCount(), tables());
    section(5, module.memories().size() - module.importedMemoryCount(), memories());
    section(13, module.tags().size() - module.importedTagCount(), tags());
    section(6, module.globals().size() - module.importedGlobalCount(), globals());
    section(7, module.exports().size(), exports());
    if (module.startFunction() != WasmModule.NO_START) {
      out.section(8, new ByteWriter().u32(module.startFunction()));
    }
    customSections(8);
    section(9, module.elements().size(), elements());
    if (module.dataCount() != WasmModule.NO_DATA_COUNT) {
      out.section(12, new ByteWriter().u32(module.dataCount()));
    }
    customSections(12);
    section(10, module.bodies().size(), code());
    section(11, module.data().size(), data());
    return out.toBytes();
  }

  private void section(int id, int count, ByteWriter entries) {
    if (count > 0) {
      out.section(id, new ByteWriter().u32(count).append(entries));
    }
    customSections(id);
  }

  private void customSections(int after) {
    for (CustomSection section : module.customSections()) {
      if (section.afterSection() == after) {
        ByteWriter contents = new ByteWriter().name(section.name());
        contents.bytes(module.bytes(), section.offset(), section.length());
        out.section(0, contents);
      }
    }
  }

  private ByteWriter types() {
    ByteWriter w = new ByteWriter();
    TypeSection types = module.types();
    for (int group = 0; group < types.groupCount(); group++) {
      int start = types.groupStart(group);
      int end = types.groupEnd(group);
      if (end - start > 1) {
        w.u8(0x4E).u32(end - start);
      }
      types.asList().subList(start, end).forEach(type -> type(w, type));
    }
    return w;
  }

  /** An entry of the type section. */
  public static void type(ByteWriter w, SubType type) {
    if (!type.isFinal() || type.hasSupertype()) {
      w.u8(type.isFinal() ? 0x4F : 0x50).u32(type.hasSupertype() ? 1 : 0);
      if (type.hasSupertype()) {
        w.u32(type.supertype());
      }
    }
    switch (type.composite()) {
      case FuncType function -> {
        w.u8(0x60);
        types(w, function.params());
        types(w, function.results());
      }
      case StructType struct -> {
        w.u8(0x5F).u32(struct.fields().size());
        struct.fields().forEach(field -> field(w, field));
      }
      case ArrayType array -> {
        w.u8(0x5E);
        field(w, array.element());
      }
    }
  }

  private static void field(ByteWriter w, FieldType field) {
    switch (field.storage()) {
      case PackedType packed -> w.u8(packed.binaryCode());
      case ValType value -> type(w, value);
    }
    w.u8(field.mutable() ? 1 : 0);
  }

  private static void types(ByteWriter w, List<ValType> types) {
    w.u32(types.size());
    types.forEach(type -> type(w, type));
  }

  /** A value type. */
  public static void type(ByteWriter w, ValType type) {
    switch (type) {
      case NumType number ->
          w.u8(
              switch (number) {
                case I32 -> 0x7F;
                case I64 -> 0x7E;
                case F32 -> 0x7D;
                case F64 -> 0x7C;
              });
      case VecType unused -> w.u8(0x7B);
      case RefType ref -> {
        if (!(ref.nullable() && ref.heap() instanceof AbstractHeapType)) {
          w.u8(ref.nullable() ? 0x63 : 0x64);
        }
        heapType(w, ref.heap());
      }
    }
  }

  /** A heap type. */
  public static void heapType(ByteWriter w, HeapType type) {
    switch (type) {
      case AbstractHeapType kind -> w.u8(kind.binaryCode());
      case ConcreteHeapType concrete -> w.s64(concrete.typeIndex());
    }
  }

  private ByteWriter imports() {
    ByteWriter w = new ByteWriter();
    int function = 0;
    int tag = 0;
    for (Import imported : module.imports()) {
      w.name(imported.module()).name(imported.name()).u8(imported.kind().binaryCode());
      switch (imported.type()) {
        case FuncType unused -> w.u32(module.functionTypeIndex(function++));
        case TableType table -> table(w, table);
        case MemoryType memory -> limits(w, memory.limits());
        case GlobalType global -> global(w, global);
        case TagType unused -> w.u8(0).u32(module.tagTypeIndex(tag++));
      }
    }
    return w;
  }

  private static void table(ByteWriter w, TableType table) {
    type(w, table.element());
    limits(w, table.limits());
  }

  private static void limits(ByteWriter w, Limits limits) {
    Long max = limits.max();
    w.u8((max != null ? 1 : 0) | (limits.is64() ? 4 : 0)).u64(limits.min());
    if (max != null) {
      w.u64(max);
    }
  }

  private static void global(ByteWriter w, GlobalType global) {
    type(w, global.type());
    w.u8(global.mutable() ? 1 : 0);
  }

  private ByteWriter tags() {
    ByteWriter w = new ByteWriter();
    for (int i = module.importedTagCount(); i < module.tags().size(); i++) {
      w.u8(0).u32(module.tagTypeIndex(i));
    }
    return w;
  }

  private ByteWriter functions() {
    ByteWriter w = new ByteWriter();
    for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
      w.u32(module.functionTypeIndex(i));
    }
    return w;
  }

  private ByteWriter tables() {
    ByteWriter w = new ByteWriter();
    for (int t = module.importedTableCount(); t < module.tables().size(); t++) {
      ConstExpr initializer = module.tableInitializer(t);
      if (initializer != null) {
        w.u8(0x40).u8(0);
      }
      table(w, module.tables().get(t));
      if (initializer != null) {
        expression(w, initializer);
      }
    }
    return w;
  }

  private ByteWriter memories() {
    ByteWriter w = new ByteWriter();
    module.memories().stream()
        .skip(module.importedMemoryCount())
        .forEach(memory -> limits(w, memory.limits()));
    return w;
  }

  private ByteWriter globals() {
    ByteWriter w = new ByteWriter();
    for (int i = module.importedGlobalCount(); i < module.globals().size(); i++) {
      global(w, module.globals().get(i));
      expression(w, module.globalInitializer(i));
    }
    return w;
  }

  private ByteWriter exports() {
    ByteWriter w = new ByteWriter();
    for (Export export : module.exports()) {
      w.name(export.name()).u8(export.kind().binaryCode()).u32(export.index());
    }
    return w;
  }

  private ByteWriter elements() {
    ByteWriter w = new ByteWriter();
    for (ElementSegment segment : module.elements()) {
      boolean expressions = segment.items() instanceof ElementSegment.Expressions;
      int kind = expressions ? 4 : 0;
      switch (segment.mode()) {
        case SegmentMode.Active active -> {
          w.u32(kind | 2).u32(active.index());
          expression(w, active.offset());
        }
        case SegmentMode.Passive unused -> w.u32(kind | 1);
        case SegmentMode.Declarative unused -> w.u32(kind | 3);
      }
      if (expressions) {
        type(w, segment.type());
      } else {
        w.u8(0);
      }
      w.u32(segment.count());
      switch (segment.items()) {
        case ElementSegment.Functions functions -> {
          for (int i = 0; i < functions.count(); i++) {
            w.u32(functions.functionIndex(i));
          }
        }
        case ElementSegment.Expressions items ->
            items.expressions().forEach(item -> expression(w, item));
      }
    }
    return w;
  }

  private ByteWriter data() {
    ByteWriter w = new ByteWriter();
    for (DataSegment segment : module.data()) {
      switch (segment.mode()) {
        case SegmentMode.Active active -> {
          if (active.index() == 0) {
            w.u8(0);
          } else {
            w.u8(2).u32(active.index());
          }
          expression(w, active.offset());
        }
        case SegmentMode.Passive unused -> w.u8(1);
        case SegmentMode.Declarative unused ->
            throw new IllegalStateException("declarative data segment");
      }
      w.u32(segment.length()).bytes(module.bytes(), segment.offset(), segment.length());
    }
    return w;
  }

  private static void expression(ByteWriter w, ConstExpr expression) {
    for (ConstExpr.Op op : expression.ops()) {
      switch (op) {
        case ConstExpr.I32Const c -> opcode(w, WasmOp.I32_CONST).s64(c.value());
        case ConstExpr.I64Const c -> opcode(w, WasmOp.I64_CONST).s64(c.value());
        case ConstExpr.F32Const c -> opcode(w, WasmOp.F32_CONST).fixed32(c.bits());
        case ConstExpr.F64Const c -> opcode(w, WasmOp.F64_CONST).fixed64(c.bits());
        case ConstExpr.V128Const c ->
            opcode(w, WasmOp.V128_CONST).fixed64(c.low()).fixed64(c.high());
        case ConstExpr.GlobalGet get -> opcode(w, WasmOp.GLOBAL_GET).u32(get.globalIndex());
        case ConstExpr.RefNull ref -> heapType(opcode(w, WasmOp.REF_NULL), ref.heap());
        case ConstExpr.RefFunc ref -> opcode(w, WasmOp.REF_FUNC).u32(ref.functionIndex());
        case ConstExpr.Operator operator -> opcode(w, operator.op());
        case ConstExpr.Aggregate aggregate -> {
          opcode(w, aggregate.op()).u32(aggregate.type());
          if (aggregate.op() == WasmOp.ARRAY_NEW_FIXED) {
            w.u32(aggregate.count());
          }
        }
        case ConstExpr.Forbidden forbidden ->
            throw new IllegalStateException("not constant: " + forbidden.op());
      }
    }
    opcode(w, WasmOp.END);
  }

  private ByteWriter code() {
    ByteWriter w = new ByteWriter();
    InstructionReader reader = new InstructionReader(module.bytes(), WasmFeatures.ALL);
    for (FuncBody body : module.bodies()) {
      ByteWriter b = new ByteWriter().u32(body.locals().size());
      for (FuncBody.LocalGroup group : body.locals()) {
        type(b.u32(group.count()), group.type());
      }
      reader.position(body.codeOffset());
      while (reader.position() < body.end()) {
        instruction(b, reader.next(), reader);
      }
      w.sized(b);
    }
    return w;
  }

  /** The opcode of an instruction. */
  public static ByteWriter opcode(ByteWriter w, WasmOp op) {
    return op.prefix() == 0 ? w.u8(op.opcode()) : w.u8(op.prefix()).u32(op.opcode());
  }

  private static void instruction(ByteWriter w, WasmOp op, InstructionReader r) {
    opcode(w, op);
    switch (op.immediate()) {
      case NONE -> {}
      case BLOCK_TYPE -> blockType(w, r.blockType());
      case TRY_TABLE -> {
        blockType(w, r.blockType());
        w.u32(r.listSize() / 3);
        for (int i = 0; i < r.listSize(); i += 3) {
          w.u8(r.listItem(i));
          if (r.listItem(i) < 2) {
            w.u32(r.listItem(i + 1));
          }
          w.u32(r.listItem(i + 2));
        }
      }
      case LABEL, FUNCTION, TYPE, LOCAL, GLOBAL, TABLE, ELEMENT, DATA, TAG, MEMORY ->
          w.u32(r.index());
      case LABEL_TABLE -> {
        w.u32(r.listSize());
        for (int i = 0; i < r.listSize(); i++) {
          w.u32(r.listItem(i));
        }
        w.u32(r.index());
      }
      case BRANCH_ON_CAST -> {
        w.u8(r.index2()).u32(r.index());
        heapType(w, r.heapType());
        heapType(w, r.heapType2());
      }
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
          w.u32(r.index()).u32(r.index2());
      case SELECT_TYPES -> {
        w.u32(r.listSize());
        for (int i = 0; i < r.listSize(); i++) {
          type(w, ValType.ofCode(r.listItem(i)));
        }
      }
      case MEM_ARG -> memArg(w, r);
      case MEM_ARG_LANE -> memArg(w, r).u8(r.index2());
      case I32 -> w.s64(r.i32());
      case I64 -> w.s64(r.i64());
      case F32 -> w.fixed32(r.i32());
      case F64 -> w.fixed64(r.i64());
      case V128, SHUFFLE -> w.fixed64(r.i64()).fixed64(r.i64High());
      case ZERO_BYTE -> w.u8(0);
      case LANE -> w.u8(r.i32());
      case HEAP_TYPE -> heapType(w, r.heapType());
    }
  }

  private static ByteWriter memArg(ByteWriter w, InstructionReader r) {
    if (r.index() == 0) {
      w.u32(r.alignLog2());
    } else {
      w.u32(r.alignLog2() | 0x40).u32(r.index());
    }
    return w.u64(r.memoryOffset());
  }

  private static void blockType(ByteWriter w, int blockType) {
    if (BlockType.isTypeIndex(blockType)) {
      w.s64(blockType);
    } else if (blockType == BlockType.EMPTY) {
      w.u8(0x40);
    } else {
      type(w, ValType.ofCode(BlockType.resultCode(blockType)));
    }
  }
}
