package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.base.IntList;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.CallingConvention;
import dev.troupe.engine.contract.CaughtException;
import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.contract.TailFrame;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import java.util.List;

/// Selection of calls, of the entry and of returns: values to and from the places that
/// [CallingConvention] gives them.
final class CallLowering {
  /// Everything that a call may destroy: all but the callee-saved registers.
  private static final long CALLER_SAVED =
      0xFFFF_FFFFL & ~(Registers.CALLEE_SAVED | 1L << Registers.RSP | 1L << Registers.INSTANCE);

  /// Of {@link Builtin#THROW_REF}.
  private static final SsaSignature REFERENCE = new SsaSignature(List.of(SsaType.I64), List.of());

  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;

  CallLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
  }

  /// Takes the parameters that are used from where they arrive.
  void entry(int block) {
    SsaSignature signature = ssa.signature();
    CallingConvention convention = Signatures.convention(signature);
    out.add(MachPseudo.ENTRY, 0);
    IntList cleared = new IntList();
    for (int p = 0; p < ssa.parameterCount(block); p++) {
      int parameter = ssa.parameter(block, p);
      if (low.isWanted(parameter) && !CallingConvention.isStack(convention.param(p))) {
        out.fixedDefinition(arriving(parameter, cleared), convention.param(p));
      }
    }
    clear(cleared);
    for (int p = 0; p < ssa.parameterCount(block); p++) {
      int parameter = ssa.parameter(block, p);
      if (low.isWanted(parameter) && CallingConvention.isStack(convention.param(p))) {
        Addr place = Addr.incoming(CallingConvention.stackOffset(convention.param(p)));
        low.memory().loadWhole(signature.parameters().get(p), low.definition(parameter), place);
      }
    }
    out.endChunk();
  }

  /// The register in which a value arrives: its own, or one to clear the upper half of.
  ///
  /// @param cleared receives the latter with its own
  private int arriving(int value, IntList cleared) {
    int own = low.definition(value);
    if (!low.facts.isCleared(value)) {
      return own;
    }
    int raw = out.newInteger();
    cleared.add(own);
    cleared.add(raw);
    return raw;
  }

  private void clear(IntList cleared) {
    for (int k = 0; k < cleared.size(); k += 2) {
      out.row(X64Op.MOV32_RM, null, 0, cleared.get(k), cleared.get(k + 1));
    }
  }

  void returns(int i) {
    SsaSignature signature = ssa.signature();
    CallingConvention convention = Signatures.convention(signature);
    int[] registers = new int[ssa.operandCount(i)];
    for (int r = 0; r < registers.length; r++) {
      registers[r] = low.use(ssa.operand(i, r));
      if (CallingConvention.isStack(convention.result(r))) {
        Addr place = Addr.incoming(CallingConvention.stackOffset(convention.result(r)));
        low.memory().storeWhole(signature.results().get(r), registers[r], place);
      }
    }
    out.add(MachPseudo.RETURN, 0);
    for (int r = 0; r < registers.length; r++) {
      if (!CallingConvention.isStack(convention.result(r))) {
        out.fixedUse(registers[r], convention.result(r));
      }
    }
  }

  /// A call in reach of exception handlers ends its block; the next one takes its results over.
  void tryCall(int i, SsaOp op) {
    BranchLowering branches = low.branches();
    SsaSignature signature = ssa.callSignature(i);
    CallingConvention convention = Signatures.convention(signature);
    int next = branches.blockBehind(i);
    IntList parameters = new IntList();
    IntList arrivals = new IntList();
    results(
        i,
        signature,
        convention,
        (vreg, register) -> {
          parameters.add(vreg);
          arrivals.add(register);
        });
    out.blocks.get(next).parameters = parameters.toArray();
    out.blocks.get(next).arrivals = arrivals.toArray();
    branches.endBlockBehind(i, next);
    branches.handlerEdges(i, next);
    boolean direct = op == SsaOp.TRY_CALL;
    int instruction = begin(i, direct ? SsaOp.CALL : SsaOp.CALL_INDIRECT, signature, convention);
    out.clobbers[instruction] = CALLER_SAVED;
  }

  /// Leaves what the exception carries in the frame.
  void throwTag(int i) {
    int next = handlersOfThrow(i);
    for (int a = 0; a < ssa.operandCount(i); a++) {
      int value = ssa.operand(i, a);
      Addr place = Addr.outgoing(CaughtException.value(a));
      low.memory().storeWhole(ssa.valueType(value), low.use(value), place);
    }
    thrown(out.add(MachPseudo.THROW, ssa.tag(i)), ssa.operandCount(i), next);
  }

  void throwReference(int i) {
    int next = handlersOfThrow(i);
    int reference = low.use(ssa.operand(i, 0));
    int instruction = out.add(MachPseudo.THROW_REF, 0);
    out.fixedUse(reference, Signatures.convention(REFERENCE).param(0));
    thrown(instruction, 0, next);
  }

  private int handlersOfThrow(int i) {
    if (ssa.handlers(i).isEmpty()) {
      return NONE;
    }
    int next = low.branches().unreachedBlock(i);
    low.branches().handlerEdges(i, next);
    return next;
  }

  private void thrown(int instruction, int values, int next) {
    out.clobbers[instruction] = next == NONE ? 0 : CALLER_SAVED;
    out.hasCalls = true;
    reserve(CaughtException.value(values));
  }

  /// A part of what an exception brought, which is in the area for callees.
  void caught(int i) {
    int offset = (int) ssa.offset(i);
    reserve(offset + CaughtException.value(1) - CaughtException.value(0));
    int result = ssa.result(i);
    low.memory().loadWhole(ssa.valueType(result), low.definition(result), Addr.outgoing(offset));
  }

  private void reserve(int bytes) {
    out.outgoingBytes = Math.max(out.outgoingBytes, bytes);
  }

  void call(int i, SsaOp op) {
    SsaSignature signature = ssa.callSignature(i);
    CallingConvention convention = Signatures.convention(signature);
    int instruction = begin(i, op, signature, convention);
    out.clobbers[instruction] = clobbers(i, op);
    results(i, signature, convention, out::fixedDefinition);
  }

  /// Arguments, and the call itself.
  private int begin(int i, SsaOp op, SsaSignature signature, CallingConvention convention) {
    int first = op.fixedOperandCount();
    int[] registers = new int[signature.parameters().size()];
    for (int a = 0; a < registers.length; a++) {
      registers[a] = low.use(ssa.operand(i, first + a));
      if (CallingConvention.isStack(convention.param(a))) {
        Addr place = Addr.outgoing(CallingConvention.stackOffset(convention.param(a)));
        low.memory().storeWhole(signature.parameters().get(a), registers[a], place);
      }
    }
    int instruction =
        switch (op) {
          case CALL -> out.add(MachPseudo.CALL, ssa.callee(i));
          case CALL_BUILTIN -> out.add(MachPseudo.CALL_BUILTIN, ssa.builtin(i).tableOffset());
          default -> indirect(i);
        };
    for (int a = 0; a < registers.length; a++) {
      if (!CallingConvention.isStack(convention.param(a))) {
        out.fixedUse(registers[a], convention.param(a));
      }
    }
    out.hasCalls = true;
    out.changesInstance |= op == SsaOp.CALL_INDIRECT;
    reserve(convention.stackBytes());
    return instruction;
  }

  /// A call in the place of this function. Parameters on the stack are stored where a call has
  /// them, at the bottom of the frame, and moved up when nothing else of the frame is wanted.
  void tailCall(int i, SsaOp op) {
    SsaSignature signature = ssa.callSignature(i);
    CallingConvention convention = Signatures.convention(signature);
    int area = Signatures.convention(ssa.signature()).stackBytes();
    int first = op.fixedOperandCount();
    int[] registers = new int[signature.parameters().size()];
    for (int a = 0; a < registers.length; a++) {
      registers[a] = low.use(ssa.operand(i, first + a));
      if (CallingConvention.isStack(convention.param(a))) {
        Addr place = Addr.outgoing(CallingConvention.stackOffset(convention.param(a)));
        low.memory().storeWhole(signature.parameters().get(a), registers[a], place);
      }
    }
    boolean direct = op == SsaOp.RETURN_CALL;
    long call = TailCall.pack(direct ? ssa.callee(i) : 0, convention, area);
    if (direct) {
      out.add(MachPseudo.TAIL_CALL, call);
    } else {
      int code = low.use(ssa.operand(i, 0));
      int instance = low.use(ssa.operand(i, 1));
      out.add(MachPseudo.TAIL_CALL_INDIRECT, call);
      out.use(instance);
      out.fixedUse(code, TailFrame.CODE);
    }
    for (int a = 0; a < registers.length; a++) {
      if (!CallingConvention.isStack(convention.param(a))) {
        out.fixedUse(registers[a], convention.param(a));
      }
    }
    out.outgoingBytes = Math.max(out.outgoingBytes, convention.paramStackBytes());
  }

  /// The exits for fuel and preemption keep every register but the one that they are called
  /// through: they stand in loop headers.
  private long clobbers(int i, SsaOp op) {
    boolean keepsAll =
        op == SsaOp.CALL_BUILTIN
            && (ssa.builtin(i) == Builtin.FUEL_EXIT || ssa.builtin(i) == Builtin.EPOCH_EXIT);
    return keepsAll ? 1L << Registers.SCRATCH : CALLER_SAVED;
  }

  /// Takes over what is in a register behind a call.
  @FunctionalInterface
  private interface Arrival {
    void take(int vreg, int register);
  }

  private void results(
      int i, SsaSignature signature, CallingConvention convention, Arrival arrival) {
    IntList cleared = new IntList();
    for (int r = 0; r < ssa.resultCount(i); r++) {
      if (!CallingConvention.isStack(convention.result(r))) {
        arrival.take(arriving(ssa.result(i, r), cleared), convention.result(r));
      }
    }
    clear(cleared);
    for (int r = 0; r < ssa.resultCount(i); r++) {
      int result = ssa.result(i, r);
      if (CallingConvention.isStack(convention.result(r)) && low.isWanted(result)) {
        Addr place = Addr.outgoing(CallingConvention.stackOffset(convention.result(r)));
        SsaType type = signature.results().get(r);
        low.memory().loadWhole(type, low.definition(result), place);
      }
    }
  }

  /// Starts a call through code address and instance pointer. Where both are fields of the instance
  /// context or of one function reference, the call reads them itself.
  private int indirect(int i) {
    int code = ssa.operand(i, 0);
    int instance = ssa.operand(i, 1);
    int codeField = fieldLoad(code, SsaOp.CTX_LOAD, i);
    int instanceField = fieldLoad(instance, SsaOp.CTX_LOAD, i);
    if (areFields(codeField, instanceField)) {
      low.absorb(codeField);
      low.absorb(instanceField);
      return out.add(MachPseudo.CALL_CONTEXT, ssa.offset(codeField));
    }
    codeField = fieldLoad(code, SsaOp.RAW_LOAD, i);
    instanceField = fieldLoad(instance, SsaOp.RAW_LOAD, i);
    if (areFields(codeField, instanceField)
        && ssa.operand(codeField, 0) == ssa.operand(instanceField, 0)
        && ssa.offset(codeField) == FuncRefLayout.CODE) {
      low.absorb(codeField);
      low.absorb(instanceField);
      int reference = low.use(ssa.operand(codeField, 0));
      int check = low.absorbNullCheck(i, ssa.operand(codeField, 0));
      int call = out.add(MachPseudo.CALL_REFERENCE, 0);
      out.use(reference);
      if (check != NONE) {
        out.trap[call] = (byte) ssa.trapKind(check).ordinal();
      }
      return call;
    }
    int target = low.use(code);
    int callee = low.use(instance);
    int call = out.add(MachPseudo.CALL_INDIRECT, 0);
    out.use(target);
    out.use(callee);
    return call;
  }

  private int fieldLoad(int value, SsaOp op, int call) {
    int load = low.onlyUser(value, op, call);
    return load != NONE && Region.isImmutable(ssa.region(load)) ? load : NONE;
  }

  private boolean areFields(int codeField, int instanceField) {
    int distance = FuncRefLayout.INSTANCE - FuncRefLayout.CODE;
    return codeField != NONE
        && instanceField != NONE
        && ssa.offset(instanceField) - ssa.offset(codeField) == distance;
  }
}
