package dev.troupe.engine.artifact;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.CanonicalTypes;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.Subtyping;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;

/**
 * The types of what an artifact says about constants, segments, tables and the start function: a
 * module that was valid when it was compiled is valid in the artifact, too, or the artifact is
 * damaged. Instantiation relies on it; all indexes have been checked before.
 */
final class ArtifactRules {
  private final WireReader in;
  private final WasmModule module;
  private final CanonicalTypes types;
  private final IntList operands = new IntList(8);

  private ArtifactRules(WireReader in, WasmModule module) {
    this.in = in;
    this.module = module;
    this.types = module.canonicalTypes();
  }

  /**
   * Checks all definitions.
   *
   * @param in for errors
   * @throws ArtifactException when one is of another type than its place asks for
   */
  static void check(WireReader in, WasmModule module) {
    ArtifactRules rules = new ArtifactRules(in, module);
    rules.tables();
    rules.globals();
    rules.elements();
    rules.data();
    rules.start();
  }

  private void tables() {
    for (int t = module.importedTableCount(); t < module.tables().size(); t++) {
      RefType element = module.tables().get(t).element();
      ConstExpr initializer = module.tableInitializer(t);
      if (initializer != null) {
        // Tables are made before the globals of the module.
        check(initializer, element, module.importedGlobalCount());
      } else if (!element.nullable()) {
        throw in.corrupt("a table without the initial value that it needs");
      }
    }
  }

  private void globals() {
    for (int g = module.importedGlobalCount(); g < module.globals().size(); g++) {
      check(module.globalInitializer(g), module.globals().get(g).type(), g);
    }
  }

  private void elements() {
    for (ElementSegment segment : module.elements()) {
      if (segment.mode() instanceof SegmentMode.Active(int table, ConstExpr offset)) {
        if (!matches(segment.type(), module.tables().get(table).element())) {
          throw in.corrupt("a segment for a table of another type");
        }
        offset(offset, module.tables().get(table).limits());
      }
      if (segment.items() instanceof ElementSegment.Functions functions) {
        functions(functions, segment.type());
      } else {
        for (int i = 0; i < segment.count(); i++) {
          check(segment.items().item(i), segment.type(), module.globals().size());
        }
      }
    }
  }

  private void functions(ElementSegment.Functions functions, RefType type) {
    if (type.heap() == AbstractHeapType.FUNC) {
      return;
    }
    for (int i = 0; i < functions.count(); i++) {
      if (!matches(reference(module.functionTypeIndex(functions.functionIndex(i))), type)) {
        throw in.corrupt("a function of another type than its segment");
      }
    }
  }

  private void data() {
    for (DataSegment segment : module.data()) {
      if (segment.mode() instanceof SegmentMode.Active(int memory, ConstExpr offset)) {
        offset(offset, module.memories().get(memory).limits());
      }
    }
  }

  private void offset(ConstExpr expression, Limits limits) {
    check(expression, limits.addressType(), module.globals().size());
  }

  private void start() {
    int start = module.startFunction();
    if (start != WasmModule.NO_START) {
      FuncType type = module.functionType(start);
      if (type.paramCount() != 0 || type.resultCount() != 0) {
        throw in.corrupt("a start function of type " + type);
      }
    }
  }

  private static RefType reference(int type) {
    return new RefType(false, new ConcreteHeapType(type));
  }

  private boolean matches(ValType actual, ValType wanted) {
    return matches(actual.code(), wanted.code());
  }

  /** Most types are equal as they stand, and nobody has to know which declared ones are. */
  private boolean matches(int actual, int wanted) {
    return actual == wanted || Subtyping.matches(types.codeOf(actual), types.codeOf(wanted), types);
  }

  // ---- constant expressions: the types of the operands

  private void check(ConstExpr expression, ValType wanted, int visibleGlobals) {
    operands.clear();
    for (ConstExpr.Op op : expression.ops()) {
      step(op, visibleGlobals);
    }
    pop(wanted);
    if (!operands.isEmpty()) {
      throw in.corrupt("a constant expression of several values");
    }
  }

  private void step(ConstExpr.Op op, int visibleGlobals) {
    // Of most modules all; every switch over patterns that a start reaches costs it a class.
    if (op instanceof ConstExpr.I32Const) {
      push(NumType.I32);
    } else {
      stepAny(op, visibleGlobals);
    }
  }

  private void stepAny(ConstExpr.Op op, int visibleGlobals) {
    switch (op) {
      case ConstExpr.I32Const _ -> push(NumType.I32);
      case ConstExpr.I64Const _ -> push(NumType.I64);
      case ConstExpr.F32Const _ -> push(NumType.F32);
      case ConstExpr.F64Const _ -> push(NumType.F64);
      case ConstExpr.V128Const _ -> push(VecType.V128);
      case ConstExpr.RefNull(var heap) -> push(new RefType(true, heap));
      case ConstExpr.RefFunc(int function) -> push(reference(module.functionTypeIndex(function)));
      case ConstExpr.GlobalGet(int index) -> push(global(index, visibleGlobals));
      case ConstExpr.Operator(WasmOp operator) -> operate(operator);
      case ConstExpr.Aggregate aggregate -> make(aggregate);
      case ConstExpr.Forbidden forbidden ->
          throw in.corrupt(forbidden.op() + " in a constant expression");
    }
  }

  private ValType global(int index, int visibleGlobals) {
    GlobalType type = module.globals().get(index);
    if (index >= visibleGlobals || type.mutable()) {
      throw in.corrupt("global " + index + " in a constant expression");
    }
    return type.type();
  }

  private void operate(WasmOp operator) {
    switch (operator) {
      case I32_ADD, I32_SUB, I32_MUL -> combine(NumType.I32);
      case I64_ADD, I64_SUB, I64_MUL -> combine(NumType.I64);
      case REF_I31 -> {
        pop(NumType.I32);
        push(new RefType(false, AbstractHeapType.I31));
      }
      case ANY_CONVERT_EXTERN -> convert(AbstractHeapType.EXTERN, AbstractHeapType.ANY);
      case EXTERN_CONVERT_ANY -> convert(AbstractHeapType.ANY, AbstractHeapType.EXTERN);
      default -> throw in.corrupt(operator + " in a constant expression");
    }
  }

  private void combine(NumType type) {
    pop(type);
    pop(type);
    push(type);
  }

  private void convert(AbstractHeapType from, AbstractHeapType to) {
    int actual = pop(new RefType(true, from));
    push(new RefType(RefType.isNullable(actual), to));
  }

  private void make(ConstExpr.Aggregate aggregate) {
    List<FieldType> fields =
        switch (module.compositeType(aggregate.type())) {
          case StructType struct -> struct.fields();
          case ArrayType array -> List.of(array.element());
          case FuncType _ -> throw in.corrupt("an object of a function type");
        };
    boolean isArray = module.compositeType(aggregate.type()) instanceof ArrayType;
    WasmOp op = aggregate.op();
    if (isArray == (op == WasmOp.STRUCT_NEW || op == WasmOp.STRUCT_NEW_DEFAULT)) {
      throw in.corrupt(op + " of a type of another kind");
    }
    switch (op) {
      case STRUCT_NEW -> {
        for (FieldType field : fields.reversed()) {
          pop(field.storage().unpacked());
        }
      }
      case ARRAY_NEW -> {
        pop(NumType.I32);
        pop(fields.getFirst().storage().unpacked());
      }
      case ARRAY_NEW_FIXED -> {
        if (aggregate.count() > operands.size()) {
          throw in.corrupt("an array of more elements than there are");
        }
        for (int i = 0; i < aggregate.count(); i++) {
          pop(fields.getFirst().storage().unpacked());
        }
      }
      default -> {
        if (isArray) {
          pop(NumType.I32);
        }
        if (!fields.stream().allMatch(FieldType::isDefaultable)) {
          throw in.corrupt("an object without the values that it needs");
        }
      }
    }
    push(reference(aggregate.type()));
  }

  private void push(ValType type) {
    operands.add(type.code());
  }

  /** Takes the topmost operand: its code. */
  private int pop(ValType wanted) {
    if (operands.isEmpty()) {
      throw in.corrupt("a constant expression without operands");
    }
    int actual = operands.removeLast();
    if (!matches(actual, wanted.code())) {
      throw in.corrupt("a constant of another type than " + wanted.text());
    }
    return actual;
  }
}
