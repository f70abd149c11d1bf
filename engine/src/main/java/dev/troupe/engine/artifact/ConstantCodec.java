package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Constant expressions as protobuf message {@code dev.troupe.artifact.v1.ConstantExpression}. */
final class ConstantCodec {
  private static final int GC_PREFIX = 0xFB;

  private ConstantCodec() {}

  static WireWriter encode(ConstExpr expression) {
    WireWriter out = new WireWriter();
    for (ConstExpr.Op op : expression.ops()) {
      out.message(1, encode(op));
    }
    return out;
  }

  private static WireWriter encode(ConstExpr.Op op) {
    WireWriter out = new WireWriter();
    // Of most modules all; every switch over patterns that a start reaches costs it a class.
    if (op instanceof ConstExpr.I32Const constant) {
      out.sintAlways(1, constant.value());
    } else {
      encodeAny(out, op);
    }
    return out;
  }

  private static void encodeAny(WireWriter out, ConstExpr.Op op) {
    switch (op) {
      case ConstExpr.I32Const constant -> out.sintAlways(1, constant.value());
      case ConstExpr.I64Const constant -> out.sintAlways(2, constant.value());
      case ConstExpr.F32Const constant -> out.fixed32Always(3, constant.bits());
      case ConstExpr.F64Const constant -> out.fixed64Always(4, constant.bits());
      case ConstExpr.V128Const constant -> {
        WireWriter halves = new WireWriter();
        halves.fixed64Always(1, constant.low());
        halves.fixed64Always(2, constant.high());
        out.message(5, halves);
      }
      case ConstExpr.GlobalGet get -> out.uintAlways(6, get.globalIndex());
      case ConstExpr.RefNull nothing -> out.uintAlways(7, new RefType(true, nothing.heap()).code());
      case ConstExpr.RefFunc function -> out.uintAlways(8, function.functionIndex());
      case ConstExpr.Operator operator -> out.uintAlways(9, operator.op().code());
      case ConstExpr.Aggregate aggregate -> {
        WireWriter message = new WireWriter();
        message.uintAlways(1, aggregate.op().opcode());
        message.uint(2, aggregate.type());
        message.uint(3, aggregate.count());
        out.message(10, message);
      }
      case ConstExpr.Forbidden forbidden ->
          throw new IllegalArgumentException(
              "a module with " + forbidden.op() + " in a constant expression is not valid");
    }
  }

  static ConstExpr decode(WireReader in, ModuleIndexes indexes) {
    List<ConstExpr.Op> ops = new ArrayList<>();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field != 1) {
        throw in.unknownField(field);
      }
      WireReader message = in.message();
      ops.add(decodeOp(message, indexes));
      if (message.nextField() != 0) {
        throw message.corrupt("an instruction of two kinds");
      }
    }
    if (ops.isEmpty()) {
      throw in.corrupt("an empty constant expression");
    }
    return new ConstExpr(0, 0, ops);
  }

  private static ConstExpr.Op decodeOp(WireReader in, ModuleIndexes indexes) {
    int field = in.nextField();
    return switch (field) {
      case 1 -> {
        long value = in.sint();
        if (value != (int) value) {
          throw in.corrupt("an i32 constant of more than 32 bits");
        }
        yield new ConstExpr.I32Const((int) value);
      }
      case 2 -> new ConstExpr.I64Const(in.sint());
      case 3 -> new ConstExpr.F32Const(in.fixed32());
      case 4 -> new ConstExpr.F64Const(in.fixed64());
      case 5 -> decodeVector(in.message());
      case 6 -> new ConstExpr.GlobalGet(indexes.global(in, in.uint31()));
      case 7 -> {
        RefType type = ModuleTypesCodec.refType(in, in.uint31());
        ModuleTypesCodec.requireConcrete(in, type, indexes.types());
        yield new ConstExpr.RefNull(type.heap());
      }
      case 8 -> new ConstExpr.RefFunc(indexes.function(in, in.uint31()));
      case 9 -> new ConstExpr.Operator(operator(in, in.uint31()));
      case 10 -> aggregate(in.message(), indexes);
      default -> throw in.unknownField(field);
    };
  }

  private static ConstExpr.Op decodeVector(WireReader in) {
    long low = in.nextField() == 1 ? in.fixed64() : 0;
    long high = in.nextField() == 2 ? in.fixed64() : 0;
    if (in.nextField() != 0) {
      throw in.corrupt("a vector of three halves");
    }
    return new ConstExpr.V128Const(low, high);
  }

  private static ConstExpr.Op aggregate(WireReader in, ModuleIndexes indexes) {
    int opcode = -1;
    int type = 0;
    int count = 0;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> opcode = in.uint31();
        case 2 -> type = in.uint31();
        case 3 -> count = in.uint31();
        default -> throw in.unknownField(field);
      }
    }
    WasmOp op = WasmOp.ofOpcode(GC_PREFIX, opcode);
    if (op == null || !Allowed.AGGREGATES.contains(op)) {
      throw in.corrupt("instruction " + opcode + " makes no struct or array");
    }
    return new ConstExpr.Aggregate(op, indexes.type(in, type), count, 0);
  }

  private static WasmOp operator(WireReader in, int code) {
    WasmOp op = WasmOp.ofOpcode(code >>> 16, code & 0xFFFF);
    if (op == null || !Allowed.OPERATORS.contains(op)) {
      throw in.corrupt("operator " + code + " in a constant expression");
    }
    return op;
  }

  /**
   * Apart, since hardly a module has any and the table of instructions takes long to initialize.
   */
  private static final class Allowed {
    static final Set<WasmOp> OPERATORS =
        EnumSet.of(
            WasmOp.I32_ADD,
            WasmOp.I32_SUB,
            WasmOp.I32_MUL,
            WasmOp.I64_ADD,
            WasmOp.I64_SUB,
            WasmOp.I64_MUL,
            WasmOp.REF_I31,
            WasmOp.ANY_CONVERT_EXTERN,
            WasmOp.EXTERN_CONVERT_ANY);
    static final Set<WasmOp> AGGREGATES =
        EnumSet.of(
            WasmOp.STRUCT_NEW,
            WasmOp.STRUCT_NEW_DEFAULT,
            WasmOp.ARRAY_NEW,
            WasmOp.ARRAY_NEW_DEFAULT,
            WasmOp.ARRAY_NEW_FIXED);
  }
}
