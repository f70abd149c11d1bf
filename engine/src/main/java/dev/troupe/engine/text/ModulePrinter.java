package dev.troupe.engine.text;

import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NameSection.Subject;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.TypeSection;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmModule;
import java.util.Arrays;

/**
 * A decoded module as text that {@link Wat} turns into an equal module again: the same index
 * spaces, the same instructions, the same names.
 */
final class ModulePrinter {
  private final WasmModule module;
  private final PrinterNames names;
  private final PrinterOutput output;
  private final StringBuilder out;
  private final InstructionPrinter instructions;
  private final IdentifierTable noLocals;
  private final BranchHints hints;

  private ModulePrinter(WasmModule module, PrinterOutput output) {
    this.module = module;
    this.output = output;
    this.out = output.text;
    this.names = PrinterNames.of(module);
    this.hints = PrintedHints.of(module);
    this.instructions = new InstructionPrinter(module, names, hints, output);
    this.noLocals = IdentifierTable.of(module.names(), Subject.LOCAL, 0, 0);
  }

  static void print(WasmModule module, PrinterOutput output) {
    new ModulePrinter(module, output).module();
    output.finish();
  }

  private void types() {
    TypeSection types = module.types();
    for (int group = 0; group < types.groupCount(); group++) {
      boolean several = types.groupEnd(group) - types.groupStart(group) > 1;
      if (several) {
        line().append("(rec");
      }
      for (int i = types.groupStart(group); i < types.groupEnd(group); i++) {
        line().append(several ? "  (type" : "(type").append(names.types().define(i)).append(' ');
        type(i, types.get(i));
        out.append(')');
      }
      if (several) {
        out.append(')');
      }
    }
  }

  private void type(int index, SubType type) {
    boolean isShort = type.isFinal() && !type.hasSupertype();
    if (!isShort) {
      out.append("(sub ").append(type.isFinal() ? "final " : "");
      out.append(type.hasSupertype() ? names.types().use(type.supertype()) + " " : "");
    }
    switch (type.composite()) {
      case FuncType function -> {
        out.append("(func");
        signature(function, noLocals, false);
      }
      case StructType struct -> {
        out.append("(struct");
        int count = struct.fields().size();
        IdentifierTable fields = IdentifierTable.of(module.names(), Subject.FIELD, index, count);
        for (int i = 0; i < count; i++) {
          out.append(" (field").append(fields.suffix(i)).append(' ');
          out.append(struct.fields().get(i)).append(')');
        }
      }
      case ArrayType array -> out.append("(array ").append(array.element());
    }
    out.append(isShort ? ")" : "))");
  }

  private void module() {
    out.append("(module");
    String name = module.names().module();
    if (name != null && !name.isEmpty()) {
      out.append(' ').append(IdentifierTable.identifier(name));
    }
    types();
    imports();
    tables();
    memories();
    tags();
    globals();
    for (Export export : module.exports()) {
      line().append("(export ").append(StringLiterals.quote(export.name()));
      out.append(" (").append(export.kind().text()).append(' ');
      out.append(Integer.toUnsignedString(export.index())).append("))");
    }
    if (module.startFunction() != WasmModule.NO_START) {
      line().append("(start ").append(names.functions().use(module.startFunction())).append(')');
    }
    elements();
    for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
      function(i);
    }
    data();
    customSections();
    out.append(")\n");
  }

  private StringBuilder line() {
    output.settle();
    return out.append("\n  ");
  }

  private void imports() {
    int function = 0;
    int table = 0;
    int memory = 0;
    int global = 0;
    int tag = 0;
    for (Import imported : module.imports()) {
      line().append("(import ").append(StringLiterals.quote(imported.module())).append(' ');
      out.append(StringLiterals.quote(imported.name())).append(" (");
      switch (imported.type()) {
        case FuncType type -> {
          out.append("func").append(names.functions().define(function));
          typeUse(function++, type);
        }
        case TableType type -> {
          out.append("table").append(names.tables().define(table++));
          tableType(type);
        }
        case MemoryType type -> {
          out.append("memory").append(names.memories().define(memory++));
          memoryType(type);
        }
        case GlobalType type -> {
          out.append("global").append(names.globals().define(global++));
          globalType(type);
        }
        case TagType _ -> {
          out.append("tag").append(names.tags().define(tag));
          tagType(tag++);
        }
      }
      out.append("))");
    }
  }

  private void tables() {
    for (int i = module.importedTableCount(); i < module.tables().size(); i++) {
      line().append("(table").append(names.tables().define(i));
      tableType(module.tables().get(i));
      ConstExpr initializer = module.tableInitializer(i);
      if (initializer != null) {
        expression(initializer);
      }
      out.append(')');
    }
  }

  private void memories() {
    for (int i = module.importedMemoryCount(); i < module.memories().size(); i++) {
      line().append("(memory").append(names.memories().define(i));
      memoryType(module.memories().get(i));
      out.append(')');
    }
  }

  private void tags() {
    for (int i = module.importedTagCount(); i < module.tags().size(); i++) {
      line().append("(tag").append(names.tags().define(i));
      tagType(i);
      out.append(')');
    }
  }

  private void tagType(int tag) {
    out.append(" (type ").append(names.types().use(module.tagTypeIndex(tag))).append(')');
    signature(module.tags().get(tag).function(), noLocals, false);
  }

  private void globals() {
    for (int i = module.importedGlobalCount(); i < module.globals().size(); i++) {
      line().append("(global").append(names.globals().define(i));
      globalType(module.globals().get(i));
      expression(module.globalInitializer(i));
      out.append(')');
    }
  }

  private void tableType(TableType type) {
    out.append(' ').append(type.limits().text()).append(' ').append(type.element().text());
  }

  private void memoryType(MemoryType type) {
    out.append(' ').append(type.limits().text()).append(type.shared() ? " shared" : "");
    if (!type.hasStandardPages()) {
      out.append(" (pagesize ").append(1L << type.pageSizeLog2()).append(')');
    }
  }

  private void globalType(GlobalType type) {
    out.append(type.mutable() ? " (mut " : " ").append(type.type().text());
    out.append(type.mutable() ? ")" : "");
  }

  private void expression(ConstExpr expression) {
    instructions.expression(expression.offset(), expression.end(), noLocals);
  }

  private IdentifierTable locals(int function, int count) {
    return IdentifierTable.of(module.names(), Subject.LOCAL, function, count);
  }

  private void typeUse(int function, FuncType type) {
    out.append(" (type ").append(names.types().use(module.functionTypeIndex(function))).append(')');
    signature(type, locals(function, type.paramCount()), true);
  }

  private void signature(FuncType type, IdentifierTable locals, boolean named) {
    for (int i = 0; i < type.paramCount(); i++) {
      out.append(" (param").append(named ? locals.suffix(i) : "").append(' ');
      out.append(type.params().get(i).text()).append(')');
    }
    for (ValType result : type.results()) {
      out.append(" (result ").append(result.text()).append(')');
    }
  }

  private void function(int index) {
    int typeIndex = module.functionTypeIndex(index);
    FuncBody body = module.body(index);
    line().append("(func").append(names.functions().define(index));
    out.append(" (type ").append(names.types().use(typeIndex)).append(')');
    // The module may be invalid: without a type there are no parameters to print.
    boolean typed =
        typeIndex >= 0
            && typeIndex < module.types().size()
            && module.compositeType(typeIndex) instanceof FuncType;
    int local = typed ? module.funcType(typeIndex).paramCount() : 0;
    IdentifierTable locals = locals(index, local + body.localCount());
    if (typed) {
      signature(module.funcType(typeIndex), locals, true);
    }
    for (FuncBody.LocalGroup group : body.locals()) {
      for (int i = 0; i < group.count(); i++) {
        out.append(" (local").append(locals.suffix(local++)).append(' ');
        out.append(group.type().text()).append(')');
      }
      output.settle();
    }
    instructions.body(index, body, locals);
    out.append(')');
  }

  private void elements() {
    for (int i = 0; i < module.elements().size(); i++) {
      ElementSegment segment = module.elements().get(i);
      line().append("(elem").append(names.elements().define(i));
      switch (segment.mode()) {
        case SegmentMode.Passive _ -> {}
        case SegmentMode.Declarative _ -> out.append(" declare");
        case SegmentMode.Active active -> {
          out.append(" (table ").append(names.tables().use(active.index())).append(") (offset");
          expression(active.offset());
          out.append(')');
        }
      }
      switch (segment.items()) {
        case ElementSegment.Functions functions -> {
          out.append(" func");
          for (int k = 0; k < functions.count(); k++) {
            out.append(' ').append(names.functions().use(functions.functionIndex(k)));
          }
        }
        case ElementSegment.Expressions expressions -> {
          out.append(' ').append(segment.type().text());
          for (ConstExpr item : expressions.expressions()) {
            out.append(" (item");
            expression(item);
            out.append(')');
            output.settle();
          }
        }
      }
      out.append(')');
    }
  }

  private void data() {
    for (int i = 0; i < module.data().size(); i++) {
      DataSegment segment = module.data().get(i);
      line().append("(data").append(names.data().define(i));
      switch (segment.mode()) {
        case SegmentMode.Active active -> {
          out.append(" (memory ").append(names.memories().use(active.index())).append(") (offset");
          expression(active.offset());
          out.append(')');
        }
        case SegmentMode.Passive _ -> {}
        case SegmentMode.Declarative _ ->
            throw new IllegalStateException("a data segment cannot be declarative");
      }
      out.append(' ').append(quoted(segment.offset(), segment.length())).append(')');
    }
  }

  private void customSections() {
    for (CustomSection section : module.customSections()) {
      boolean isPrinted = section.name().equals(BranchHints.SECTION) && hints.size() > 0;
      if (section.name().equals("name") || isPrinted) {
        continue;
      }
      line().append("(@custom ").append(StringLiterals.quote(section.name()));
      out.append(" (").append(placement(section.afterSection())).append(") ");
      out.append(quoted(section.offset(), section.length())).append(')');
    }
  }

  private static String placement(int afterSection) {
    for (ModuleSections.Section section : ModuleSections.Section.values()) {
      if (section.id() == afterSection) {
        return "after " + section.keyword();
      }
    }
    return "before first";
  }

  private String quoted(int offset, int length) {
    return StringLiterals.quote(Arrays.copyOfRange(module.bytes(), offset, offset + length));
  }
}
