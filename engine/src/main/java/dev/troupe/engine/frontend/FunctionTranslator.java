package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.InstanceShape;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.Likelihood;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.BlockType;
import dev.troupe.engine.wasm.BranchHint;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import org.jspecify.annotations.Nullable;

/**
 * Translates function bodies of one module, one at a time: a translator belongs to one thread. The
 * body must have been validated; nothing is checked again.
 *
 * <p>Instructions that are one operation come from the rows of {@link PlainInstructions}; the
 * switch here hands the others to the class for their kind.
 */
public final class FunctionTranslator {
  private static final IntCondition[] INT_CONDITIONS = IntCondition.values();
  private static final FloatCondition[] FLOAT_CONDITIONS = FloatCondition.values();
  private static final long MOST_KNOWN_BYTES = 1L << 32;

  /** Of a body, for each instruction that is made of it: more than usual, so that arrays grow. */
  private static final int BYTES_PER_INSTRUCTION = 3;

  private static final long CANONICAL_NAN_32 = 0x7FC0_0000L;
  private static final long CANONICAL_NAN_64 = 0x7FF8_0000_0000_0000L;

  /**
   * Most arguments for locals that all edges of a function carry together; a function that needs
   * more is refused.
   */
  public static final long MOST_ARGUMENTS = LocalVariables.MOST_ARGUMENTS;

  private final ModuleContext context;
  private final InstructionReader reader;
  private final BranchHints hints;
  private final long[] memoryMinimumBytes;

  /**
   * A translator for the functions of {@code module}.
   *
   * @param layout that of the module's shape
   * @param hints which way its branches go
   */
  public FunctionTranslator(
      WasmModule module,
      InstanceLayout layout,
      Tunables tunables,
      WasmFeatures features,
      BranchHints hints) {
    this.context = new ModuleContext(module, layout, tunables);
    this.reader = new InstructionReader(module.bytes(), features);
    this.hints = hints;
    this.memoryMinimumBytes = memoryMinimumBytes(module);
  }

  /** Bytes of each memory of {@code module} that are there from the start. */
  public static long[] memoryMinimumBytes(WasmModule module) {
    long[] bytes = new long[module.memories().size()];
    for (int m = 0; m < bytes.length; m++) {
      bytes[m] = Math.min(module.memories().get(m).minimumBytes(), MOST_KNOWN_BYTES);
    }
    return bytes;
  }

  /** The layout of instances of {@code module}. */
  public static InstanceLayout layoutOf(WasmModule module) {
    int definedFunctions = module.functionCount() - module.importedFunctionCount();
    return InstanceLayout.of(
        new InstanceShape(
            module.types().size(),
            module.importedFunctionCount(),
            definedFunctions,
            module.importedTableCount(),
            module.tables().size() - module.importedTableCount(),
            module.importedMemoryCount(),
            module.memories().size() - module.importedMemoryCount(),
            module.importedGlobalCount(),
            module.globals().size() - module.importedGlobalCount()));
  }

  /**
   * The SSA form of a defined function.
   *
   * @param index in the function index space
   * @param name for people
   * @throws dev.troupe.engine.wasm.LimitExceededException if the control flow is too complex
   */
  public SsaFunction translate(int index, String name) {
    FuncType type = context.module().functionType(index);
    FuncBody body = context.module().body(index);
    SsaFunction function = new SsaFunction(index, name, context.signature(type));
    function.reserveInstructions(body.codeLength() / BYTES_PER_INSTRUCTION);
    function.setMemoryMinimumBytes(memoryMinimumBytes);
    new Run(function, type, body).translate();
    return function;
  }

  /** The translation of one body. */
  private final class Run {
    private final FuncType type;
    private final FuncBody body;
    private final SsaBuilder builder;
    private final LocalVariables locals;
    private final ValueStack stack;
    private final TranslationState state;
    private final Instrumentation instrumentation;
    private final ControlInstructions control;
    private final MemoryInstructions memory;
    private final VectorInstructions vectors;
    private final AtomicInstructions atomics;
    private final StructInstructions structs;
    private final ArrayInstructions arrays;
    private final TableInstructions tables;
    private final CallInstructions calls;
    private final ExceptionInstructions exceptions;
    private @Nullable LegacyTries tries;
    private final GlobalInstructions globals;
    private final ReferenceInstructions references;

    Run(SsaFunction function, FuncType type, FuncBody body) {
      this.type = type;
      this.body = body;
      builder = new SsaBuilder(function);
      locals = new LocalVariables(builder, localTypes());
      state = new TranslationState(context, function, builder, locals);
      stack = state.stack;
      instrumentation = new Instrumentation(state);
      control = new ControlInstructions(state, instrumentation);
      memory = new MemoryInstructions(state);
      vectors = new VectorInstructions(state, memory);
      atomics = new AtomicInstructions(state, memory);
      ObjectAllocation allocation = new ObjectAllocation(state);
      structs = new StructInstructions(state, allocation);
      arrays = new ArrayInstructions(state, allocation);
      tables = new TableInstructions(state);
      calls = new CallInstructions(state, tables);
      exceptions = new ExceptionInstructions(state, control);
      globals = new GlobalInstructions(state);
      references = new ReferenceInstructions(state, control);
    }

    private SsaType[] localTypes() {
      SsaType[] types = new SsaType[type.paramCount() + body.localCount()];
      int next = 0;
      for (ValType parameter : type.params()) {
        types[next++] = context.type(parameter);
      }
      for (FuncBody.LocalGroup group : body.locals()) {
        for (int i = 0; i < group.count(); i++) {
          types[next++] = context.type(group.type());
        }
      }
      return types;
    }

    void translate() {
      builder.setWasmOffset(body.codeOffset());
      enter();
      reader.position(body.codeOffset());
      while (!control.isDone()) {
        WasmOp op = reader.next();
        builder.setWasmOffset(reader.offset());
        if (control.isReachable()) {
          instrumentation.count(op);
          instruction(op);
        } else {
          skip(op);
        }
      }
      assert reader.position() == body.end() : "body ends elsewhere";
      locals.finish();
    }

    private void enter() {
      int entry = locals.newBlock(SsaFunction.NONE);
      builder.startEntry(entry);
      locals.seal(entry);
      for (int i = 0; i < type.paramCount(); i++) {
        locals.write(i, state.function.parameter(entry, i));
      }
      control.function(type);
      instrumentation.check();
    }

    /** In unreachable code only the nesting matters. */
    private void skip(WasmOp op) {
      switch (op) {
        case BLOCK, LOOP, IF, TRY, TRY_TABLE -> control.block(type);
        case CATCH, CATCH_ALL -> control.legacyCatch();
        case DELEGATE -> control.end();
        case ELSE -> control.elseArm();
        case END -> control.end();
        default -> {}
      }
    }

    private void instruction(WasmOp op) {
      PlainInstructions.Row row = PlainInstructions.of(op);
      if (row != null) {
        plain(row);
        return;
      }
      switch (op) {
        case LOCAL_GET -> stack.push(locals.read(reader.index()));
        case LOCAL_SET -> locals.write(reader.index(), stack.pop());
        case LOCAL_TEE -> locals.write(reader.index(), stack.peek());
        case I32_CONST -> stack.push(builder.iconst(SsaType.I32, reader.i32()));
        case I64_CONST -> stack.push(builder.iconst(SsaType.I64, reader.i64()));
        case F32_CONST -> stack.push(builder.fconst(SsaType.F32, reader.i32()));
        case F64_CONST -> stack.push(builder.fconst(SsaType.F64, reader.i64()));
        case I32_EQZ -> compareWithZero(SsaType.I32);
        case I64_EQZ -> compareWithZero(SsaType.I64);
        case REF_IS_NULL -> compareWithZero(state.function.valueType(stack.peek()));
        case REF_NULL -> stack.push(builder.iconst(context.type(reader.heapType()), 0));
        case REF_FUNC -> stack.push(builder.ctxAddress(state.layout().funcRef(reader.index())));
        case GLOBAL_GET -> globals.get(reader.index());
        case GLOBAL_SET -> globals.set(reader.index());
        case DROP -> stack.pop();
        case SELECT, SELECT_TYPED -> select();
        case NOP -> {}
        default -> structured(op);
      }
    }

    /** What the module says about the branch that was read last. */
    private Likelihood likelihood() {
      BranchHint hint = hints.at(state.function.index(), reader.offset() - body.offset());
      return switch (hint) {
        case null -> Likelihood.UNKNOWN;
        case LIKELY -> Likelihood.LIKELY;
        case UNLIKELY -> Likelihood.UNLIKELY;
      };
    }

    private FuncType blockType() {
      return BlockType.funcType(reader.blockType(), context.module());
    }

    private void structured(WasmOp op) {
      switch (op) {
        case BLOCK -> control.block(blockType());
        case LOOP -> control.loop(blockType());
        case IF -> control.iff(blockType(), likelihood());
        case TRY_TABLE -> control.tryTable(blockType(), reader);
        case TRY -> control.legacyTry(blockType(), tries().at(reader.offset()), reader.offset());
        case CATCH, CATCH_ALL -> control.legacyCatch();
        case DELEGATE -> control.end();
        case THROW, THROW_REF, RETHROW -> {
          instrumentation.charge();
          thrown(op);
          control.left();
        }
        case ELSE -> control.elseArm();
        case END -> control.end();
        case BR -> control.br(reader.index());
        case BR_IF -> control.brIf(reader.index(), likelihood());
        case BR_TABLE -> control.brTable(reader);
        case RETURN -> control.ret();
        case UNREACHABLE -> control.unreachable();
        case CALL, CALL_INDIRECT, CALL_REF -> {
          instrumentation.charge();
          call(op);
        }
        case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> {
          instrumentation.charge();
          call(op);
          control.left();
        }
        default -> bulk(op);
      }
    }

    private void thrown(WasmOp op) {
      switch (op) {
        case THROW -> exceptions.throwTag(reader.index());
        case THROW_REF -> exceptions.throwReference();
        default -> exceptions.rethrow(control.rethrown(reader.index()));
      }
    }

    private LegacyTries tries() {
      LegacyTries known = tries;
      if (known == null) {
        known = LegacyTries.of(context.module(), body);
        tries = known;
      }
      return known;
    }

    private void call(WasmOp op) {
      switch (op) {
        case CALL -> calls.call(reader.index());
        case CALL_INDIRECT -> calls.callIndirect(reader.index(), reader.index2());
        case CALL_REF -> calls.callRef(reader.index());
        case RETURN_CALL_REF -> calls.returnCallRef(reader.index());
        case RETURN_CALL -> calls.returnCall(reader.index());
        case RETURN_CALL_INDIRECT -> calls.returnCallIndirect(reader.index(), reader.index2());
        default -> throw new IllegalStateException("not a call: " + op.mnemonic());
      }
    }

    private void bulk(WasmOp op) {
      switch (op) {
        case MEMORY_SIZE -> memory.size(reader.index());
        case MEMORY_GROW -> memory.grow(reader.index());
        case MEMORY_COPY -> memory.copy(reader.index(), reader.index2());
        case MEMORY_FILL -> memory.fill(reader.index());
        case MEMORY_INIT -> memory.init(reader.index(), reader.index2());
        case DATA_DROP -> memory.dropData(reader.index());
        case TABLE_GET -> tables.get(reader.index());
        case TABLE_SET -> tables.set(reader.index());
        case TABLE_SIZE -> tables.size(reader.index());
        case TABLE_GROW -> tables.grow(reader.index());
        case TABLE_FILL -> tables.fill(reader.index());
        case TABLE_COPY -> tables.copy(reader.index(), reader.index2());
        case TABLE_INIT -> tables.init(reader.index(), reader.index2());
        case ELEM_DROP -> tables.dropElements(reader.index());
        case I64_ADD128 -> wide(SsaOp.ADD128);
        case I64_SUB128 -> wide(SsaOp.SUB128);
        case I64_MUL_WIDE_S -> wide(SsaOp.MUL_WIDE_S);
        case I64_MUL_WIDE_U -> wide(SsaOp.MUL_WIDE_U);
        default -> {
          // The features that an engine may enable end here; validation refuses the rest.
          if (op.prefix() == WasmOp.ATOMIC_FENCE.prefix()) {
            atomics.translate(op, reader);
          } else if (!references.translate(op, reader)
              && !vectors.translate(op, reader)
              && !structs.translate(op, reader)
              && !arrays.translate(op, reader)) {
            throw new IllegalStateException("front end has no arm for " + op.mnemonic());
          }
        }
      }
    }

    private void wide(SsaOp op) {
      int pair = builder.several(op, stack.pop(op.fixedOperandCount()));
      stack.push(state.function.result(pair, 0));
      stack.push(state.function.result(pair, 1));
    }

    private void compareWithZero(SsaType operandType) {
      int value = stack.pop();
      int zero = builder.iconst(operandType, 0);
      stack.push(builder.icmp(IntCondition.EQ, operandType, value, zero));
    }

    private void select() {
      int condition = stack.pop();
      int ifFalse = stack.pop();
      int ifTrue = stack.pop();
      SsaType operandType = state.function.valueType(ifTrue);
      stack.push(builder.select(operandType, condition, ifTrue, ifFalse));
    }

    private void plain(PlainInstructions.Row row) {
      SsaOp op = row.op();
      switch (op) {
        case LOAD -> memory.load(row, reader);
        case STORE -> memory.store(row, reader);
        case ICMP -> {
          int right = stack.pop();
          stack.push(builder.icmp(INT_CONDITIONS[row.detail()], row.type(), stack.pop(), right));
        }
        case FCMP -> {
          int right = stack.pop();
          stack.push(builder.fcmp(FLOAT_CONDITIONS[row.detail()], row.type(), stack.pop(), right));
        }
        default -> {
          if (op.fixedOperandCount() == 2) {
            int right = stack.pop();
            stack.push(builder.binary(op, row.type(), stack.pop(), right));
          } else {
            stack.push(builder.unary(op, row.type(), stack.pop()));
          }
          if (context.tunables().nanCanonicalization() && op.makesNan()) {
            canonicalizeNan();
          }
        }
      }
    }

    private void canonicalizeNan() {
      int value = stack.pop();
      SsaType operandType = state.function.valueType(value);
      int isNan = builder.fcmp(FloatCondition.NE, operandType, value, value);
      long bits = operandType == SsaType.F32 ? CANONICAL_NAN_32 : CANONICAL_NAN_64;
      int canonical = builder.fconst(operandType, bits);
      stack.push(builder.select(operandType, isNan, canonical, value));
    }
  }
}
