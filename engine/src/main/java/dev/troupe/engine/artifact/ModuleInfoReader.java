package dev.troupe.engine.artifact;

import dev.troupe.engine.contract.SavedRegisters;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.TypeSection;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads protobuf message {@code dev.troupe.artifact.v1.ModuleInfo} and rebuilds the module. Fields
 * come in the order of their numbers, so the index spaces are complete before anything refers to
 * them.
 */
final class ModuleInfoReader {
  /** What the section says beside the module. */
  record Info(
      WasmModule module, FunctionTable functions, List<ImagePlace> images, BitSet inImage) {}

  /** A memory image without its bytes, which lie one behind the other in the data section. */
  record ImagePlace(int memoryIndex, long memoryOffset, long bytes) {}

  private final WireReader in;
  private final TypeSection types;
  private final MemorySegment dataSection;
  private final byte[] names;
  private final BitSet inImage = new BitSet();
  private final List<Import> imports = new ArrayList<>();
  private final List<Integer> importTypes = new ArrayList<>();
  private int[] functionTypes = {};
  private final List<TableType> tables = new ArrayList<>();
  private final List<@Nullable WireReader> tableInitializers = new ArrayList<>();
  private final List<MemoryType> memories = new ArrayList<>();
  private final List<GlobalType> globals = new ArrayList<>();
  private final List<WireReader> initializers = new ArrayList<>();
  private int importedFunctions;
  private int importedGlobals;
  private int importedTables;
  private int importedMemories;
  private final List<TagType> tags = new ArrayList<>();
  private final List<Integer> tagTypes = new ArrayList<>();
  private int importedTags;
  private final List<Export> exports = new ArrayList<>();
  private int start = WasmModule.NO_START;
  private int dataCount = WasmModule.NO_DATA_COUNT;
  private final List<ElementSegment> elements = new ArrayList<>();
  private final List<SegmentMode> dataModes = new ArrayList<>();
  private final List<Integer> dataLengths = new ArrayList<>();
  private @Nullable FunctionTable functions;
  private final List<ImagePlace> images = new ArrayList<>();

  ModuleInfoReader(byte[] info, TypeSection types, MemorySegment dataSection, byte[] names) {
    in = new WireReader(info, ArtifactSection.INFO.sectionName());
    this.types = types;
    this.dataSection = dataSection;
    this.names = names;
  }

  Info read() {
    int last = 0;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field < last) {
        throw in.corrupt("field " + field + " is out of order");
      }
      last = field;
      switch (field) {
        case 1 -> readImport(in.message());
        case 2 -> functionTypes = in.packed();
        case 3 -> tables.add(table(in.message(), true));
        case 4 -> memories.add(memory(in.message()));
        case 5 -> readGlobal(in.message());
        case 6 -> exports.add(export(in.message()));
        case 7 -> start = indexes().function(in, in.uint31() - 1);
        case 8 -> elements.add(element(in.message()));
        case 9 -> dataCount = in.uint31() - 1;
        case 10 -> readData(in.message());
        case 11 -> functions = functionTable(in.message());
        case 12 -> images.add(image(in.message()));
        case 13 -> readTags(in.packed());
        default -> throw in.unknownField(field);
      }
    }
    FunctionTable table = functions;
    if (table == null || table.count() != functionTypes.length) {
      throw in.corrupt("function table does not fit the functions");
    }
    return new Info(build(), table, images, inImage);
  }

  private ModuleIndexes indexes() {
    return new ModuleIndexes(
        types.size(),
        importedFunctions + functionTypes.length,
        tables.size(),
        memories.size(),
        globals.size(),
        tags.size());
  }

  private void readImport(WireReader message) {
    String module = "";
    String name = "";
    int field = message.nextField();
    if (field == 1) {
      module = message.string();
      field = message.nextField();
    }
    if (field == 2) {
      name = message.string();
      field = message.nextField();
    }
    int typeIndex = -1;
    switch (field) {
      case 3 -> {
        typeIndex = indexes().type(message, message.uint31());
        importedFunctions++;
        imports.add(new Import(module, name, functionType(typeIndex)));
      }
      case 4 -> {
        TableType type = table(message.message(), false);
        importedTables++;
        tables.add(type);
        imports.add(new Import(module, name, type));
      }
      case 5 -> {
        MemoryType type = memory(message.message());
        importedMemories++;
        memories.add(type);
        imports.add(new Import(module, name, type));
      }
      case 6 -> {
        GlobalType type = globalType(message.message());
        importedGlobals++;
        globals.add(type);
        imports.add(new Import(module, name, type));
      }
      case 7 -> {
        typeIndex = message.uint31();
        TagType type = tag(message, typeIndex);
        importedTags++;
        imports.add(new Import(module, name, type));
      }
      default -> throw message.unknownField(field);
    }
    importTypes.add(typeIndex);
    end(message);
  }

  private TagType tag(WireReader message, int typeIndex) {
    TagType type = new TagType(functionType(indexes().type(message, typeIndex)));
    if (type.function().resultCount() != 0) {
      throw message.corrupt("a tag with results");
    }
    tags.add(type);
    tagTypes.add(typeIndex);
    return type;
  }

  private void readTags(int[] typeIndexes) {
    for (int typeIndex : typeIndexes) {
      TagType unused = tag(in, typeIndex);
    }
  }

  private FuncType functionType(int index) {
    if (types.get(index).composite() instanceof FuncType type) {
      return type;
    }
    throw in.corrupt("function of type " + index + ", which is no function type");
  }

  private static void end(WireReader message) {
    int field = message.nextField();
    if (field != 0) {
      throw message.unknownField(field);
    }
  }

  private TableType table(WireReader message, boolean defined) {
    WireReader initializer = null;
    RefType element = null;
    Limits limits = null;
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> {
          element = ModuleTypesCodec.refType(message, message.uint31());
          ModuleTypesCodec.requireConcrete(message, element, types.size());
        }
        case 2 -> limits = limits(message.message());
        case 3 -> initializer = message.message();
        default -> throw message.unknownField(field);
      }
    }
    if (element == null || limits == null || (initializer != null && !defined)) {
      throw message.corrupt("a table without element type or limits");
    }
    if (defined) {
      tableInitializers.add(initializer);
    }
    return new TableType(element, limits);
  }

  private MemoryType memory(WireReader message) {
    Limits limits = null;
    boolean shared = false;
    // Zero, which is not written, stands for the usual size.
    int pageLog2Less = 0;
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> limits = limits(message.message());
        case 2 -> shared = message.bool();
        case 3 -> pageLog2Less = message.uint31();
        default -> throw message.unknownField(field);
      }
    }
    if (limits == null) {
      throw message.corrupt("a memory without limits");
    }
    if (pageLog2Less != 0 && pageLog2Less != MemoryType.PAGE_LOG2) {
      throw message.corrupt("a memory with another size of pages");
    }
    return new MemoryType(limits, shared, MemoryType.PAGE_LOG2 - pageLog2Less);
  }

  private static Limits limits(WireReader message) {
    long min = 0;
    Long max = null;
    boolean is64 = false;
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> min = message.uint64();
        case 2 -> max = message.uint64();
        case 3 -> is64 = message.bool();
        default -> throw message.unknownField(field);
      }
    }
    if (max != null && Long.compareUnsigned(min, max) > 0) {
      throw message.corrupt("limits with the minimum above the maximum");
    }
    return new Limits(min, max, is64);
  }

  private GlobalType globalType(WireReader message) {
    ValType type = null;
    boolean mutable = false;
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> {
          type = ModuleTypesCodec.valType(message, message.uint31());
          ModuleTypesCodec.requireConcrete(message, type, types.size());
        }
        case 2 -> mutable = message.bool();
        default -> throw message.unknownField(field);
      }
    }
    if (type == null) {
      throw message.corrupt("a global without type");
    }
    return new GlobalType(type, mutable);
  }

  private void readGlobal(WireReader message) {
    if (message.nextField() != 1) {
      throw message.corrupt("a global without type");
    }
    GlobalType type = globalType(message.message());
    if (message.nextField() != 2) {
      throw message.corrupt("a global without initial value");
    }
    initializers.add(message.message());
    globals.add(type);
    end(message);
  }

  private Export export(WireReader message) {
    String name = "";
    int kind = 0;
    int index = 0;
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> name = message.string();
        case 2 -> kind = message.uint31();
        case 3 -> index = message.uint31();
        default -> throw message.unknownField(field);
      }
    }
    if (kind >= ExternKind.values().length) {
      throw message.corrupt("export kind " + kind);
    }
    ModuleIndexes indexes = indexes();
    int checked =
        switch (ExternKind.values()[kind]) {
          case FUNC -> indexes.function(message, index);
          case TABLE -> indexes.table(message, index);
          case MEMORY -> indexes.memory(message, index);
          case GLOBAL -> indexes.global(message, index);
          // The tags come later; build() looks at the index.
          case TAG -> index;
        };
    return new Export(name, ExternKind.values()[kind], checked);
  }

  /** Collects fields 1 to 3, the mode of a segment, out of any message. */
  private final class ModeFields {
    private int mode;
    private int index;
    private @Nullable ConstExpr offset;

    void read(int field, WireReader message) {
      switch (field) {
        case 1 -> mode = message.uint31();
        case 2 -> index = message.uint31();
        case 3 -> offset = ConstantCodec.decode(message.message(), indexes());
        default -> throw message.unknownField(field);
      }
    }

    SegmentMode get(WireReader message, boolean element) {
      ConstExpr at = offset;
      if (mode == ModuleInfoWriter.ACTIVE && at != null) {
        ModuleIndexes indexes = indexes();
        return new SegmentMode.Active(
            element ? indexes.table(message, index) : indexes.memory(message, index), at);
      }
      if (at != null
          || index != 0
          || mode > ModuleInfoWriter.DECLARATIVE
          || mode == ModuleInfoWriter.DECLARATIVE && !element) {
        throw message.corrupt("segment mode " + mode);
      }
      return mode == ModuleInfoWriter.PASSIVE ? SegmentMode.PASSIVE : SegmentMode.DECLARATIVE;
    }
  }

  private ElementSegment element(WireReader message) {
    ModeFields mode = new ModeFields();
    RefType type = null;
    int[] indices = {};
    boolean isExpressions = false;
    List<ConstExpr> expressions = new ArrayList<>();
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 4 -> type = ModuleTypesCodec.refType(message, message.uint31());
        case 5 -> indices = message.packed();
        case 6 -> isExpressions = message.bool();
        case 7 -> expressions.add(ConstantCodec.decode(message.message(), indexes()));
        default -> mode.read(field, message);
      }
    }
    if (type == null || (isExpressions ? indices.length > 0 : !expressions.isEmpty())) {
      throw message.corrupt("an element segment without type, or of two forms");
    }
    ModuleTypesCodec.requireConcrete(message, type, types.size());
    for (int index : indices) {
      indexes().function(message, index);
    }
    ElementSegment.Items items =
        isExpressions
            ? new ElementSegment.Expressions(expressions)
            : new ElementSegment.Functions(indices);
    return new ElementSegment(type, mode.get(message, true), items);
  }

  private void readData(WireReader message) {
    ModeFields mode = new ModeFields();
    int length = 0;
    boolean imaged = false;
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 4 -> length = message.uint31();
        case 5 -> imaged = message.bool();
        default -> mode.read(field, message);
      }
    }
    SegmentMode segmentMode = mode.get(message, false);
    if (imaged && (length != 0 || !(segmentMode instanceof SegmentMode.Active))) {
      throw message.corrupt("a segment in an image with bytes of its own, or not active");
    }
    inImage.set(dataModes.size(), imaged);
    dataModes.add(segmentMode);
    dataLengths.add(length);
  }

  private FunctionTable functionTable(WireReader message) {
    int[][] columns = {{}, {}, {}, {}, {}};
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      if (field > 5) {
        throw message.unknownField(field);
      }
      columns[field - 1] = message.packed();
    }
    int count = columns[0].length;
    for (int[] column : columns) {
      if (column.length != count) {
        throw message.corrupt("columns of different length");
      }
    }
    int[] starts = new int[count];
    int[] prologueEnds = new int[count];
    long end = 0;
    for (int i = 0; i < count; i++) {
      long from = end + columns[0][i];
      end = from + columns[1][i];
      if (end > Integer.MAX_VALUE || columns[3][i] > columns[1][i]) {
        throw message.corrupt("function " + i + " is too long, or its prologue is");
      }
      int saves = columns[4][i];
      if ((saves & ~SavedRegisters.MOST) != 0
          || SavedRegisters.leastFrameBytes(saves) > columns[2][i]) {
        throw message.corrupt("the frame of function " + i + " is too small for what it keeps");
      }
      starts[i] = (int) from;
      prologueEnds[i] = (int) from + columns[3][i];
    }
    return FunctionTable.of(starts, columns[1], columns[2], prologueEnds, columns[4]);
  }

  private ImagePlace image(WireReader message) {
    int memory = 0;
    long offset = 0;
    long bytes = 0;
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> memory = message.uint31();
        case 2 -> offset = message.uint64();
        case 3 -> bytes = message.uint64();
        default -> throw message.unknownField(field);
      }
    }
    indexes().memory(message, memory);
    long page = MemoryImage.PAGE_BYTES;
    if (offset < 0
        || offset % page != 0
        || bytes <= 0
        || bytes % page != 0
        || bytes > dataSection.byteSize()) {
      throw message.corrupt("memory image of " + bytes + " bytes at " + offset);
    }
    return new ImagePlace(memory, offset, bytes);
  }

  /** The module over the bytes of its passive and other unimaged segments, then its names. */
  private WasmModule build() {
    long imageBytes = 0;
    for (ImagePlace image : images) {
      imageBytes += image.bytes();
    }
    long segmentBytes = 0;
    for (int length : dataLengths) {
      segmentBytes += length;
    }
    if (imageBytes + segmentBytes != dataSection.byteSize()) {
      throw in.corrupt("images and segments do not fill the data section");
    }
    if (segmentBytes + names.length > Integer.MAX_VALUE - 8) {
      throw in.corrupt("segments of " + segmentBytes + " bytes");
    }
    byte[] bytes = new byte[(int) segmentBytes + names.length];
    MemorySegment.copy(
        dataSection, ValueLayout.JAVA_BYTE, imageBytes, bytes, 0, (int) segmentBytes);
    System.arraycopy(names, 0, bytes, (int) segmentBytes, names.length);
    WasmModule.Builder builder = WasmModule.builder(bytes);
    for (int group = 0; group < types.groupCount(); group++) {
      builder.addTypeGroup(types.asList().subList(types.groupStart(group), types.groupEnd(group)));
    }
    for (int i = 0; i < imports.size(); i++) {
      if (imports.get(i).type() instanceof TagType tag) {
        builder.addTagImport(imports.get(i), tag, importTypes.get(i));
      } else if (importTypes.get(i) >= 0) {
        builder.addFunctionImport(imports.get(i), importTypes.get(i));
      } else {
        builder.addImport(imports.get(i));
      }
    }
    ModuleIndexes indexes = indexes();
    for (int type : functionTypes) {
      FuncType unused = functionType(indexes.type(in, type));
      builder.addFunction(type);
    }
    for (int t = importedTables; t < tables.size(); t++) {
      WireReader initializer = tableInitializers.get(t - importedTables);
      builder.addTable(
          tables.get(t), initializer == null ? null : ConstantCodec.decode(initializer, indexes));
    }
    memories.subList(importedMemories, memories.size()).forEach(builder::addMemory);
    for (int t = importedTags; t < tags.size(); t++) {
      builder.addTag(tags.get(t), tagTypes.get(t));
    }
    for (int g = importedGlobals; g < globals.size(); g++) {
      WireReader initializer = initializers.get(g - importedGlobals);
      builder.addGlobal(globals.get(g), ConstantCodec.decode(initializer, indexes));
    }
    for (Export export : exports) {
      if (export.kind() == ExternKind.TAG) {
        int unused = indexes.tag(in, export.index());
      }
      builder.addExport(export);
    }
    if (start != WasmModule.NO_START) {
      builder.startFunction(start);
    }
    elements.forEach(builder::addElement);
    if (dataCount != WasmModule.NO_DATA_COUNT) {
      builder.dataCount(dataCount);
    }
    int at = 0;
    for (int d = 0; d < dataModes.size(); d++) {
      builder.addData(new DataSegment(dataModes.get(d), at, dataLengths.get(d)));
      at += dataLengths.get(d);
    }
    if (names.length > 0) {
      builder.addCustomSection(new CustomSection("name", at, names.length, 0));
    }
    WasmModule module = builder.build();
    ArtifactRules.check(in, module);
    return module;
  }
}
