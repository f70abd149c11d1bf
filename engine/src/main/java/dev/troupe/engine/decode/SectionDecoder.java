package dev.troupe.engine.decode;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmReader;
import java.util.ArrayList;
import java.util.List;

/** Reads the contents of each section into the module being built. */
final class SectionDecoder {
  private static final int TABLE_WITH_INITIALIZER = 0x40;

  private static final FuncType UNKNOWN_TYPE = new FuncType(List.of(), List.of());

  private final WasmReader in;
  private final WasmModule.Builder module;
  private final WasmFeatures features;
  private final WasmLimits limits;
  private final DefinitionReader definitions;
  private final ElementDecoder elements;
  private final ConstExprReader expressions;

  SectionDecoder(
      WasmReader in, WasmModule.Builder module, WasmFeatures features, WasmLimits limits) {
    this.in = in;
    this.module = module;
    this.features = features;
    this.limits = limits;
    this.definitions = new DefinitionReader(in, features, limits);
    this.expressions = new ConstExprReader(in, features);
    this.elements = new ElementDecoder(in, definitions, expressions, limits);
  }

  private int count(String what, int already, int limit) {
    int start = in.position();
    int count = in.length();
    if (count > limit - already) {
      throw new LimitExceededException("too many " + what, (long) count + already, limit, start);
    }
    return count;
  }

  void types() {
    for (int n = count("types", 0, limits.maxTypes()); n > 0; n--) {
      int start = in.position();
      module.at(start);
      module.addTypeGroup(definitions.typeGroup());
      if (module.types().size() > limits.maxTypes()) {
        throw new LimitExceededException(
            "too many types", module.types().size(), limits.maxTypes(), start);
      }
    }
  }

  void imports() {
    for (int n = count("imports", 0, limits.maxImports()); n > 0; n--) {
      module.at(in.position());
      String moduleName = in.name(limits.maxStringBytes());
      String name = in.name(limits.maxStringBytes());
      int start = in.position();
      int kind = in.u8();
      switch (kind) {
        case 0 -> functionImport(moduleName, name);
        case 1 -> module.addImport(new Import(moduleName, name, definitions.tableType()));
        case 2 -> module.addImport(new Import(moduleName, name, definitions.memoryType()));
        case 3 -> module.addImport(new Import(moduleName, name, definitions.globalType()));
        case 4 -> {
          requireExceptions("tag import", start);
          int typeIndex = tagTypeIndex();
          TagType tag = new TagType(functionType(typeIndex));
          module.addTagImport(new Import(moduleName, name, tag), tag, typeIndex);
        }
        default -> throw new MalformedException("malformed import kind", start);
      }
    }
    checkIndexSpaces();
  }

  private void functionImport(String moduleName, String name) {
    int typeIndex = in.u32();
    module.addFunctionImport(new Import(moduleName, name, functionType(typeIndex)), typeIndex);
  }

  // An index of no function type is invalid, not malformed: the validator reports it.
  private FuncType functionType(int typeIndex) {
    if (Integer.compareUnsigned(typeIndex, module.types().size()) >= 0) {
      return UNKNOWN_TYPE;
    }
    return module.types().get(typeIndex).composite() instanceof FuncType type ? type : UNKNOWN_TYPE;
  }

  private void checkIndexSpaces() {
    checkCount("functions", module.functionCount(), limits.maxFunctions());
    checkCount("tables", module.tableCount(), limits.maxTables());
    checkCount("memories", module.memoryCount(), limits.maxMemories());
    checkCount("globals", module.globalCount(), limits.maxGlobals());
    checkCount("tags", module.tagCount(), limits.maxTags());
  }

  private void checkCount(String what, int count, int limit) {
    if (count > limit) {
      throw new LimitExceededException("too many " + what, count, limit, in.position());
    }
  }

  void functions() {
    int already = module.functionCount();
    for (int n = count("functions", already, limits.maxFunctions()); n > 0; n--) {
      module.at(in.position());
      module.addFunction(in.u32());
    }
  }

  void tables() {
    for (int n = count("tables", module.tableCount(), limits.maxTables()); n > 0; n--) {
      int start = in.position();
      module.at(start);
      if (in.peek() != TABLE_WITH_INITIALIZER) {
        module.addTable(definitions.tableType());
        continue;
      }
      in.skip(1);
      if (in.u8() != 0) {
        throw new MalformedException("malformed table", in.position() - 1);
      }
      TableType type = definitions.tableType();
      ConstExpr initializer = expressions.read();
      if (!features.contains(WasmFeature.FUNCTION_REFERENCES)) {
        throw new FeatureDisabledException(
            WasmFeature.FUNCTION_REFERENCES, "table with an initial value", start);
      }
      module.addTable(type, initializer);
    }
  }

  void memories() {
    for (int n = count("memories", module.memoryCount(), limits.maxMemories()); n > 0; n--) {
      module.at(in.position());
      module.addMemory(definitions.memoryType());
    }
  }

  void tags(int start) {
    requireExceptions("tag section", start);
    for (int n = count("tags", module.tagCount(), limits.maxTags()); n > 0; n--) {
      module.at(in.position());
      int typeIndex = tagTypeIndex();
      module.addTag(new TagType(functionType(typeIndex)), typeIndex);
    }
  }

  /** The attribute of a tag, which must be that of an exception, and the index of its type. */
  private int tagTypeIndex() {
    int start = in.position();
    if (in.u8() != 0) {
      throw new MalformedException("malformed tag attribute", start);
    }
    return in.u32();
  }

  private void requireExceptions(String what, int start) {
    if (!features.contains(WasmFeature.EXCEPTIONS)) {
      throw new FeatureDisabledException(WasmFeature.EXCEPTIONS, what, start);
    }
  }

  void globals() {
    for (int n = count("globals", module.globalCount(), limits.maxGlobals()); n > 0; n--) {
      module.at(in.position());
      GlobalType type = definitions.globalType();
      module.addGlobal(type, expressions.read());
    }
  }

  void exports() {
    for (int n = count("exports", 0, limits.maxExports()); n > 0; n--) {
      module.at(in.position());
      String name = in.name(limits.maxStringBytes());
      int start = in.position();
      int kind = in.u8();
      ExternKind external =
          switch (kind) {
            case 0 -> ExternKind.FUNC;
            case 1 -> ExternKind.TABLE;
            case 2 -> ExternKind.MEMORY;
            case 3 -> ExternKind.GLOBAL;
            case 4 -> {
              requireExceptions("tag export", start);
              yield ExternKind.TAG;
            }
            default -> throw new MalformedException("malformed export kind", start);
          };
      module.addExport(new Export(name, external, in.u32()));
    }
  }

  void elements() {
    int count = count("element segments", 0, limits.maxElementSegments());
    for (int n = count; n > 0; n--) {
      module.at(in.position());
      module.addElement(elements.segment());
    }
  }

  void dataCount() {
    int start = in.position();
    int count = in.u32();
    if (Integer.compareUnsigned(count, limits.maxDataSegments()) > 0) {
      throw new LimitExceededException(
          "too many data segments", Integer.toUnsignedLong(count), limits.maxDataSegments(), start);
    }
    module.dataCount(count);
  }

  void code() {
    // Whether the function section announced as many is checked at the end of the module.
    int count = count("functions", 0, limits.maxFunctions());
    for (int i = 0; i < count; i++) {
      module.addBody(body());
    }
  }

  private FuncBody body() {
    int start = in.position();
    int size = in.length();
    if (size > limits.maxFunctionBytes()) {
      throw new LimitExceededException(
          "function body too large", size, limits.maxFunctionBytes(), start);
    }
    int offset = in.position();
    int groups = in.length();
    List<FuncBody.LocalGroup> locals = new ArrayList<>(Math.min(groups, 16));
    long total = 0;
    for (int i = 0; i < groups; i++) {
      int at = in.position();
      long run = Integer.toUnsignedLong(in.u32());
      total += run;
      // The limit is checked after all runs were read: a bad type or LEB128 in a later one is the
      // more basic error. Nothing of this size has been allocated.
      ValType type = definitions.valType();
      if (total <= limits.maxLocals()) {
        if (run > 0) {
          locals.add(new FuncBody.LocalGroup((int) run, type));
        }
      } else if (i == groups - 1) {
        throw new LimitExceededException("too many locals", total, limits.maxLocals(), at);
      }
    }
    int codeOffset = in.position();
    int end = offset + size;
    if (end < codeOffset || end > in.bytes().length) {
      throw new MalformedException("section size mismatch", offset);
    }
    in.position(end);
    return new FuncBody(offset, codeOffset, end, locals);
  }

  void data() {
    for (int n = count("data segments", 0, limits.maxDataSegments()); n > 0; n--) {
      int start = in.position();
      module.at(start);
      int kind = in.u32();
      SegmentMode mode =
          switch (kind) {
            case 0 -> new SegmentMode.Active(0, expressions.read());
            case 1 -> SegmentMode.PASSIVE;
            case 2 -> {
              int memory = in.u32();
              yield new SegmentMode.Active(memory, expressions.read());
            }
            default -> throw new MalformedException("malformed data segment kind", start);
          };
      if (kind != 0 && !features.contains(WasmFeature.BULK_MEMORY)) {
        throw new FeatureDisabledException(WasmFeature.BULK_MEMORY, "data segment kind", start);
      }
      int length = in.length();
      module.addData(new DataSegment(mode, in.position(), length));
      in.skip(length);
    }
  }
}
