package dev.troupe.engine.decode;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmOp;
import dev.troupe.engine.wasm.WasmReader;
import java.util.ArrayList;
import java.util.List;

/** Reads constant expressions (section 5.4.9) up to and including their {@code end}. */
final class ConstExprReader {
  private final WasmReader in;
  private final InstructionReader instructions;

  ConstExprReader(WasmReader in, WasmFeatures features) {
    this.in = in;
    this.instructions = new InstructionReader(in, features);
  }

  ConstExpr read() {
    int offset = in.position();
    try {
      return read(offset);
    } catch (FeatureDisabledException e) {
      skip(offset);
      throw e;
    }
  }

  // A malformed expression is reported as that, not as one that needs a feature.
  private void skip(int offset) {
    in.position(offset);
    InstructionReader all = new InstructionReader(in, WasmFeatures.ALL);
    int depth = 0;
    while (true) {
      WasmOp op = all.next();
      if (op == WasmOp.END && depth == 0) {
        return;
      }
      depth = depthAfter(op, depth);
    }
  }

  private ConstExpr read(int offset) {
    // Nearly all expressions are one instruction, and there can be millions of them.
    WasmOp first = instructions.next();
    if (first == WasmOp.END) {
      return new ConstExpr(offset, in.position(), List.of());
    }
    ConstExpr.Op op = constant(first);
    if (!(op instanceof ConstExpr.Forbidden) && in.peek() == WasmOp.END.opcode()) {
      in.skip(1);
      return new ConstExpr(offset, in.position(), List.of(op));
    }
    return readRest(offset, first, op);
  }

  private ConstExpr readRest(int offset, WasmOp first, ConstExpr.Op firstOp) {
    List<ConstExpr.Op> ops = new ArrayList<>();
    ops.add(firstOp);
    int depth = depthAfter(first, 0);
    while (true) {
      WasmOp op = instructions.next();
      if (op == WasmOp.END && depth == 0) {
        return new ConstExpr(offset, in.position(), ops);
      }
      depth = depthAfter(op, depth);
      ops.add(constant(op));
    }
  }

  // Blocks are not constant, but a module that has them here is invalid rather than malformed.
  private int depthAfter(WasmOp op, int depth) {
    return switch (op) {
      case BLOCK, LOOP, IF, TRY, TRY_TABLE -> depth + 1;
      case END, DELEGATE -> depth - 1;
      case ELSE -> {
        if (depth == 0) {
          throw new MalformedException("END opcode expected", instructions.offset());
        }
        yield depth;
      }
      default -> depth;
    };
  }

  private ConstExpr.Op constant(WasmOp op) {
    return switch (op) {
      case I32_CONST -> new ConstExpr.I32Const(instructions.i32());
      case I64_CONST -> new ConstExpr.I64Const(instructions.i64());
      case F32_CONST -> new ConstExpr.F32Const(instructions.i32());
      case F64_CONST -> new ConstExpr.F64Const(instructions.i64());
      case V128_CONST -> new ConstExpr.V128Const(instructions.i64(), instructions.i64High());
      case GLOBAL_GET -> new ConstExpr.GlobalGet(instructions.index());
      case REF_NULL -> new ConstExpr.RefNull(instructions.heapType());
      case REF_FUNC -> new ConstExpr.RefFunc(instructions.index());
      case I32_ADD, I32_SUB, I32_MUL, I64_ADD, I64_SUB, I64_MUL -> new ConstExpr.Operator(op);
      case REF_I31, ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> new ConstExpr.Operator(op);
      case STRUCT_NEW, STRUCT_NEW_DEFAULT, ARRAY_NEW, ARRAY_NEW_DEFAULT ->
          new ConstExpr.Aggregate(op, instructions.index(), 0, instructions.offset());
      case ARRAY_NEW_FIXED ->
          new ConstExpr.Aggregate(
              op, instructions.index(), instructions.index2(), instructions.offset());
      default -> new ConstExpr.Forbidden(op, instructions.offset());
    };
  }
}
