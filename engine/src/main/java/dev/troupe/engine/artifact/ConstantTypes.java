package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.CanonicalTypes;
import dev.troupe.engine.wasm.CompositeType;
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
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * Checks that the constant expressions of a module that was read are of the types that are asked
 * for (section 3.4.10): who evaluates them relies on it, and the validator, which has checked the
 * module once, is not there when an artifact is loaded.
 */
final class ConstantTypes {
  private final WasmModule module;
  private final CanonicalTypes types;
  private final Deque<Integer> operands = new ArrayDeque<>();

  private ConstantTypes(WasmModule module) {
    this.module = module;
    this.types = module.canonicalTypes();
  }

  /**
   * Checks all constant expressions of a module whose indexes are in range.
   *
   * @throws ArtifactException when one is of another type
   */
  static void check(WasmModule module) {
    new ConstantTypes(module).check();
  }

  private void check() {
    int imported = module.importedGlobalCount();
    int all = module.globals().size();
    for (int i = imported; i < all; i++) {
      check(module.globalInitializer(i), module.globals().get(i).type().code(), i);
    }
    for (int i = module.importedTableCount(); i < module.tables().size(); i++) {
      ConstExpr initializer = module.tableInitializer(i);
      if (initializer != null) {
        check(initializer, module.tables().get(i).element().code(), imported);
      }
    }
    for (ElementSegment segment : module.elements()) {
      if (segment.mode() instanceof SegmentMode.Active active) {
        offset(active, module.tables().get(active.index()).limits(), all);
      }
      for (int i = 0; i < segment.count(); i++) {
        check(segment.items().item(i), segment.type().code(), all);
      }
    }
    for (DataSegment segment : module.data()) {
      if (segment.mode() instanceof SegmentMode.Active active) {
        offset(active, module.memories().get(active.index()).limits(), all);
      }
    }
  }

  private void offset(SegmentMode.Active active, Limits limits, int visibleGlobals) {
    check(active.offset(), limits.is64() ? NumType.I64.code() : NumType.I32.code(), visibleGlobals);
  }

  private void check(ConstExpr expression, int expected, int visibleGlobals) {
    operands.clear();
    for (ConstExpr.Op op : expression.ops()) {
      step(op, visibleGlobals);
    }
    pop(expected);
    if (!operands.isEmpty()) {
      throw corrupt("leaves more than one value");
    }
  }

  private void step(ConstExpr.Op op, int visibleGlobals) {
    switch (op) {
      case ConstExpr.I32Const unused -> operands.push(NumType.I32.code());
      case ConstExpr.I64Const unused -> operands.push(NumType.I64.code());
      case ConstExpr.F32Const unused -> operands.push(NumType.F32.code());
      case ConstExpr.F64Const unused -> operands.push(NumType.F64.code());
      case ConstExpr.V128Const unused -> operands.push(VecType.V128.code());
      case ConstExpr.RefNull nothing -> operands.push(new RefType(true, nothing.heap()).code());
      case ConstExpr.RefFunc function -> push(module.functionTypeIndex(function.functionIndex()));
      case ConstExpr.GlobalGet(int index) -> {
        GlobalType global = module.globals().get(index);
        if (index >= visibleGlobals || global.mutable()) {
          throw corrupt("reads global " + index);
        }
        operands.push(global.type().code());
      }
      case ConstExpr.Operator(WasmOp operator) -> operator(operator);
      case ConstExpr.Aggregate aggregate -> aggregate(aggregate);
      case ConstExpr.Forbidden(WasmOp forbidden, int unusedOffset) ->
          throw corrupt("has " + forbidden.mnemonic());
    }
  }

  private void operator(WasmOp op) {
    switch (op) {
      case REF_I31 -> {
        pop(NumType.I32.code());
        operands.push(new RefType(false, AbstractHeapType.I31).code());
      }
      case ANY_CONVERT_EXTERN -> convert(AbstractHeapType.EXTERN, AbstractHeapType.ANY);
      case EXTERN_CONVERT_ANY -> convert(AbstractHeapType.ANY, AbstractHeapType.EXTERN);
      default -> {
        FuncType signature = Objects.requireNonNull(op.signature());
        signature.params().forEach(param -> pop(param.code()));
        signature.results().forEach(result -> operands.push(result.code()));
      }
    }
  }

  private void convert(AbstractHeapType from, AbstractHeapType to) {
    boolean nullable = RefType.isNullable(pop(new RefType(true, from).code()));
    operands.push(new RefType(nullable, to).code());
  }

  private void aggregate(ConstExpr.Aggregate aggregate) {
    CompositeType type = module.compositeType(aggregate.type());
    switch (aggregate.op()) {
      case STRUCT_NEW -> popAll(fields(type, true));
      case STRUCT_NEW_DEFAULT -> requireDefaults(fields(type, true));
      case ARRAY_NEW -> {
        pop(NumType.I32.code());
        popAll(fields(type, false));
      }
      case ARRAY_NEW_DEFAULT -> {
        requireDefaults(fields(type, false));
        pop(NumType.I32.code());
      }
      case ARRAY_NEW_FIXED -> {
        List<FieldType> element = fields(type, false);
        for (int i = 0; i < aggregate.count(); i++) {
          popAll(element);
        }
      }
      default -> throw corrupt("has " + aggregate.op().mnemonic());
    }
    push(aggregate.type());
  }

  private static List<FieldType> fields(CompositeType type, boolean wantsStruct) {
    return switch (type) {
      case StructType struct when wantsStruct -> struct.fields();
      case ArrayType array when !wantsStruct -> List.of(array.element());
      case StructType unused -> throw corrupt("makes an array of a struct's type");
      case ArrayType unused -> throw corrupt("makes a struct of an array's type");
      case FuncType unused -> throw corrupt("makes an object of a function's type");
    };
  }

  private static void requireDefaults(List<FieldType> fields) {
    if (!fields.stream().allMatch(FieldType::isDefaultable)) {
      throw corrupt("leaves out what has no default");
    }
  }

  private void popAll(List<FieldType> fields) {
    for (FieldType field : fields.reversed()) {
      pop(field.storage().unpacked().code());
    }
  }

  /** A reference to a declared type. */
  private void push(int typeIndex) {
    operands.push(new RefType(false, new ConcreteHeapType(typeIndex)).code());
  }

  /** The type that is there. */
  private int pop(int expected) {
    Integer found = operands.poll();
    if (found == null || !matches(types.codeOf(found), types.codeOf(expected))) {
      throw corrupt("does not fit its type");
    }
    return found;
  }

  private boolean matches(int actual, int expected) {
    boolean references = (actual & expected & RefType.REFERENCE_BIT) != 0;
    return references ? Subtyping.matches(actual, expected, types) : actual == expected;
  }

  private static ArtifactException corrupt(String what) {
    return ArtifactException.corrupt(
        ArtifactSection.INFO.sectionName(), "a constant expression " + what);
  }
}
