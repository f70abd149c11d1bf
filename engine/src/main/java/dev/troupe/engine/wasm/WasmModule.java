package dev.troupe.engine.wasm;

import dev.troupe.engine.base.IntList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoded module (section 2.5): immutable, over the bytes it was read from.
 *
 * <p>Index spaces put imports first: function {@code i} with {@code i < importedFunctionCount()} is
 * imported, the others have a body. Lists named after an index space ({@link #tables()}, {@link
 * #memories()}, {@link #globals()}) hold imported and defined entries alike.
 */
public final class WasmModule {
  /** {@link #startFunction()} of a module without one. */
  public static final int NO_START = -1;

  /** {@link #dataCount()} of a module without a data-count section. */
  public static final int NO_DATA_COUNT = -1;

  private final byte[] bytes;
  private final TypeSection types;
  private final CanonicalTypes canonicalTypes;
  private final List<Import> imports;
  private final int[] functionTypes;
  private final int importedFunctionCount;
  private final List<TableType> tables;
  private final List<@Nullable ConstExpr> tableInitializers;
  private final int importedTableCount;
  private final List<MemoryType> memories;
  private final int importedMemoryCount;
  private final List<GlobalType> globals;
  private final List<ConstExpr> globalInitializers;
  private final int importedGlobalCount;
  private final List<TagType> tags;
  private final int[] tagTypes;
  private final int importedTagCount;
  private final List<Export> exports;
  private final int startFunction;
  private final List<ElementSegment> elements;
  private final int dataCount;
  private final List<FuncBody> bodies;
  private final List<DataSegment> data;
  private final List<CustomSection> customSections;
  private final EntryOffsets[] entryOffsets;
  private volatile @Nullable NameSection names;

  private WasmModule(Builder b) {
    bytes = b.bytes;
    types = b.types.build();
    canonicalTypes = new CanonicalTypes(types);
    imports = List.copyOf(b.imports);
    functionTypes = Arrays.copyOf(b.functionTypes, b.functionCount);
    importedFunctionCount = b.importedFunctionCount;
    tables = List.copyOf(b.tables);
    tableInitializers = Collections.unmodifiableList(new ArrayList<>(b.tableInitializers));
    importedTableCount = b.importedTableCount;
    memories = List.copyOf(b.memories);
    importedMemoryCount = b.importedMemoryCount;
    globals = List.copyOf(b.globals);
    globalInitializers = List.copyOf(b.globalInitializers);
    importedGlobalCount = globals.size() - globalInitializers.size();
    tags = List.copyOf(b.tags);
    tagTypes = b.tagTypes.toArray();
    importedTagCount = b.importedTagCount;
    exports = List.copyOf(b.exports);
    startFunction = b.startFunction;
    elements = List.copyOf(b.elements);
    dataCount = b.dataCount;
    bodies = List.copyOf(b.bodies);
    data = List.copyOf(b.data);
    customSections = List.copyOf(b.customSections);
    entryOffsets = b.entryOffsets;
  }

  /** The whole binary. Shared, not copied: never modify it. */
  public byte[] bytes() {
    return bytes;
  }

  /** The type section. */
  public TypeSection types() {
    return types;
  }

  /** Which types of the type section are equal. */
  public CanonicalTypes canonicalTypes() {
    return canonicalTypes;
  }

  /** The composite type at this index of the type section. */
  public CompositeType compositeType(int typeIndex) {
    return types.get(typeIndex).composite();
  }

  /**
   * The function type at this index of the type section.
   *
   * @throws IllegalStateException when it is another kind of type
   */
  public FuncType funcType(int typeIndex) {
    if (compositeType(typeIndex) instanceof FuncType type) {
      return type;
    }
    throw new IllegalStateException("type " + typeIndex + " is no function type");
  }

  /** All imports in order. */
  public List<Import> imports() {
    return imports;
  }

  /** Imported and defined functions. */
  public int functionCount() {
    return functionTypes.length;
  }

  public int importedFunctionCount() {
    return importedFunctionCount;
  }

  /** Whether function {@code index} is an import. */
  public boolean isImportedFunction(int index) {
    return index < importedFunctionCount;
  }

  /** Index into the type section of function {@code index}'s type. */
  public int functionTypeIndex(int index) {
    return functionTypes[index];
  }

  /** The type of function {@code index}. */
  public FuncType functionType(int index) {
    return funcType(functionTypes[index]);
  }

  /** The body of function {@code index}, which must not be an import. */
  public FuncBody body(int index) {
    return bodies.get(index - importedFunctionCount);
  }

  /**
   * Bodies of the defined functions: entry 0 belongs to function {@link #importedFunctionCount()}.
   */
  public List<FuncBody> bodies() {
    return bodies;
  }

  public List<TableType> tables() {
    return tables;
  }

  public int importedTableCount() {
    return importedTableCount;
  }

  /**
   * What the elements of table {@code index}, which must not be an import, are at first; null for
   * null references.
   */
  public @Nullable ConstExpr tableInitializer(int index) {
    return tableInitializers.get(index - importedTableCount);
  }

  public List<MemoryType> memories() {
    return memories;
  }

  public int importedMemoryCount() {
    return importedMemoryCount;
  }

  public List<GlobalType> globals() {
    return globals;
  }

  public int importedGlobalCount() {
    return importedGlobalCount;
  }

  /** The initial value of global {@code index}, which must not be an import. */
  public ConstExpr globalInitializer(int index) {
    return globalInitializers.get(index - importedGlobalCount);
  }

  /** Imported and defined exception tags. */
  public List<TagType> tags() {
    return tags;
  }

  public int importedTagCount() {
    return importedTagCount;
  }

  /** Index into the type section of tag {@code index}'s type. */
  public int tagTypeIndex(int index) {
    return tagTypes[index];
  }

  public List<Export> exports() {
    return exports;
  }

  /** The export with this name, or null. */
  public @Nullable Export export(String name) {
    for (Export export : exports) {
      if (export.name().equals(name)) {
        return export;
      }
    }
    return null;
  }

  /** The type of an export of this module. */
  public ExternType exportType(Export export) {
    int index = export.index();
    return switch (export.kind()) {
      case FUNC -> functionType(index);
      case TABLE -> tables.get(index);
      case MEMORY -> memories.get(index);
      case GLOBAL -> globals.get(index);
      case TAG -> tags.get(index);
    };
  }

  /** Index of the start function, or {@link #NO_START}. */
  public int startFunction() {
    return startFunction;
  }

  public List<ElementSegment> elements() {
    return elements;
  }

  /** The value of the data-count section, or {@link #NO_DATA_COUNT}. */
  public int dataCount() {
    return dataCount;
  }

  public List<DataSegment> data() {
    return data;
  }

  public List<CustomSection> customSections() {
    return customSections;
  }

  /** The first custom section of this name, or null. */
  public @Nullable CustomSection customSection(String name) {
    for (CustomSection section : customSections) {
      if (section.name().equals(name)) {
        return section;
      }
    }
    return null;
  }

  /**
   * Byte offset at which an entry of a section starts, for error messages; 0 when unknown.
   *
   * @param i position within its section, so imports do not count
   */
  public int entryOffset(ModuleEntry kind, int i) {
    return entryOffsets[kind.ordinal()].get(i);
  }

  /** The names of the {@code name} section, read on first use; empty when there is none. */
  public NameSection names() {
    NameSection known = names;
    if (known == null) {
      CustomSection section = customSection("name");
      known =
          section == null
              ? NameSection.EMPTY
              : NameSection.parse(bytes, section.offset(), section.length());
      names = known;
    }
    return known;
  }

  /** Starts a module over these bytes. */
  public static Builder builder(byte[] bytes) {
    return new Builder(bytes);
  }

  /**
   * Collects a module's parts in the order of the sections. The only checks are those that keep the
   * index spaces consistent; whether the parts fit together is the validator's business.
   */
  public static final class Builder {
    private final byte[] bytes;
    private final TypeSection.Builder types = new TypeSection.Builder();
    private final List<Import> imports = new ArrayList<>();
    private int[] functionTypes = new int[16];
    private int functionCount;
    private int importedFunctionCount;
    private final List<TableType> tables = new ArrayList<>();
    private final List<@Nullable ConstExpr> tableInitializers = new ArrayList<>();
    private int importedTableCount;
    private final List<MemoryType> memories = new ArrayList<>();
    private int importedMemoryCount;
    private final List<GlobalType> globals = new ArrayList<>();
    private final List<ConstExpr> globalInitializers = new ArrayList<>();
    private final List<TagType> tags = new ArrayList<>();
    private final IntList tagTypes = new IntList();
    private int importedTagCount;
    private final List<Export> exports = new ArrayList<>();
    private int startFunction = NO_START;
    private final List<ElementSegment> elements = new ArrayList<>();
    private int dataCount = NO_DATA_COUNT;
    private final List<FuncBody> bodies = new ArrayList<>();
    private final List<DataSegment> data = new ArrayList<>();
    private final List<CustomSection> customSections = new ArrayList<>();
    private final EntryOffsets[] entryOffsets = new EntryOffsets[ModuleEntry.values().length];
    private int entryOffset;

    private Builder(byte[] bytes) {
      this.bytes = bytes;
      Arrays.setAll(entryOffsets, unused -> new EntryOffsets());
    }

    /** The byte offset of the entry that is added next. */
    public void at(int offset) {
      entryOffset = offset;
    }

    private void mark(ModuleEntry kind) {
      entryOffsets[kind.ordinal()].add(entryOffset);
    }

    /** Adds a final type without supertype, alone in its group. */
    public void addType(CompositeType type) {
      addTypeGroup(List.of(SubType.of(type)));
    }

    /** Adds a recursion group. */
    public void addTypeGroup(List<SubType> group) {
      for (int i = 0; i < group.size(); i++) {
        mark(ModuleEntry.TYPE);
      }
      types.addGroup(group);
    }

    /** Types added so far. */
    public TypeSection.Builder types() {
      return types;
    }

    /** Adds an import of anything but a function or a tag. */
    public void addImport(Import added) {
      mark(ModuleEntry.IMPORT);
      imports.add(added);
      switch (added.type()) {
        case TableType table -> {
          tables.add(table);
          importedTableCount++;
        }
        case MemoryType memory -> {
          memories.add(memory);
          importedMemoryCount++;
        }
        case GlobalType global -> globals.add(global);
        case FuncType type ->
            throw new IllegalArgumentException("function import without type index: " + type);
        case TagType type ->
            throw new IllegalArgumentException("tag import without type index: " + type);
      }
    }

    /** Adds the import of a function whose type is at {@code typeIndex} of the type section. */
    public void addFunctionImport(Import added, int typeIndex) {
      mark(ModuleEntry.IMPORT);
      imports.add(added);
      appendFunction(typeIndex);
      importedFunctionCount++;
    }

    /** Adds a defined function; all imports have been added. */
    public void addFunction(int typeIndex) {
      mark(ModuleEntry.FUNCTION);
      appendFunction(typeIndex);
    }

    private void appendFunction(int typeIndex) {
      if (functionCount == functionTypes.length) {
        functionTypes = Arrays.copyOf(functionTypes, functionCount * 2);
      }
      functionTypes[functionCount++] = typeIndex;
    }

    /** Imported and defined functions added so far. */
    public int functionCount() {
      return functionCount;
    }

    /** Defined functions added so far. */
    public int definedFunctionCount() {
      return functionCount - importedFunctionCount;
    }

    /** Adds the import of a tag whose type is at {@code typeIndex} of the type section. */
    public void addTagImport(Import added, TagType tag, int typeIndex) {
      mark(ModuleEntry.IMPORT);
      imports.add(added);
      tags.add(tag);
      tagTypes.add(typeIndex);
      importedTagCount++;
    }

    /** Adds a defined tag; all imports have been added. */
    public void addTag(TagType tag, int typeIndex) {
      mark(ModuleEntry.TAG);
      tags.add(tag);
      tagTypes.add(typeIndex);
    }

    public int tagCount() {
      return tags.size();
    }

    /** Adds a defined table of null references. */
    public void addTable(TableType table) {
      addTable(table, null);
    }

    /** Adds a defined table and what its elements are at first; null for null references. */
    public void addTable(TableType table, @Nullable ConstExpr initializer) {
      mark(ModuleEntry.TABLE);
      tables.add(table);
      tableInitializers.add(initializer);
    }

    public int tableCount() {
      return tables.size();
    }

    public void addMemory(MemoryType memory) {
      mark(ModuleEntry.MEMORY);
      memories.add(memory);
    }

    public int memoryCount() {
      return memories.size();
    }

    public void addGlobal(GlobalType global, ConstExpr initializer) {
      mark(ModuleEntry.GLOBAL);
      globals.add(global);
      globalInitializers.add(initializer);
    }

    public int globalCount() {
      return globals.size();
    }

    public void addExport(Export export) {
      mark(ModuleEntry.EXPORT);
      exports.add(export);
    }

    public void startFunction(int index) {
      mark(ModuleEntry.START);
      startFunction = index;
    }

    public void addElement(ElementSegment segment) {
      mark(ModuleEntry.ELEMENT);
      elements.add(segment);
    }

    public void dataCount(int count) {
      dataCount = count;
    }

    /** The announced number of data segments, or {@link WasmModule#NO_DATA_COUNT}. */
    public int dataCount() {
      return dataCount;
    }

    public void addBody(FuncBody body) {
      bodies.add(body);
    }

    /** Bodies added so far. */
    public List<FuncBody> bodies() {
      return bodies;
    }

    public void addData(DataSegment segment) {
      mark(ModuleEntry.DATA);
      data.add(segment);
    }

    public int dataSegmentCount() {
      return data.size();
    }

    public void addCustomSection(CustomSection section) {
      customSections.add(section);
    }

    public WasmModule build() {
      return new WasmModule(this);
    }
  }
}
