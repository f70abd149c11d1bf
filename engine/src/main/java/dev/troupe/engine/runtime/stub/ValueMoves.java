package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.RSP;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.contract.CallingConvention;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;

/**
 * Moves values between the store's value area and the places of the guest's calling convention.
 * Stack places pass through the vector scratch register.
 */
final class ValueMoves {
  private final Assembler asm;
  private final FuncType type;
  private final CallingConvention convention;
  private final int values;

  /**
   * @param values register that holds the address of the value area; no place of the convention
   */
  ValueMoves(Assembler asm, FuncType type, int values) {
    this.asm = asm;
    this.type = type;
    this.convention = CallingConvention.of(type);
    this.values = values;
  }

  int stackBytes() {
    return convention.stackBytes();
  }

  /** Value area to parameters; the stack area is {@code stackArea} bytes above rsp. */
  void loadParams(int stackArea) {
    for (int i = 0; i < type.paramCount(); i++) {
      load(type.params().get(i), slot(i), convention.param(i), stackArea);
    }
  }

  /** Parameters to value area. */
  void storeParams(int stackArea) {
    for (int i = 0; i < type.paramCount(); i++) {
      store(type.params().get(i), slot(i), convention.param(i), stackArea);
    }
  }

  /** Value area to results. */
  void loadResults(int stackArea) {
    for (int i = 0; i < type.resultCount(); i++) {
      load(type.results().get(i), slot(i), convention.result(i), stackArea);
    }
  }

  /** Results to value area. */
  void storeResults(int stackArea) {
    for (int i = 0; i < type.resultCount(); i++) {
      store(type.results().get(i), slot(i), convention.result(i), stackArea);
    }
  }

  private Mem slot(int index) {
    return Mem.base(values, index * StoreContext.VALUE_BYTES);
  }

  private static Mem stack(int location, int stackArea) {
    return Mem.base(RSP, stackArea + CallingConvention.stackOffset(location));
  }

  private void load(ValType type, Mem slot, int location, int stackArea) {
    if (CallingConvention.isStack(location)) {
      through(type, slot, stack(location, stackArea));
      return;
    }
    boolean integer = CallingConvention.isInteger(type);
    switch (type.sizeBytes()) {
      case 4 -> asm.rm(integer ? MOV32_RM : MOVSS_RM, location, slot);
      case 8 -> asm.rm(integer ? MOV64_RM : MOVSD_RM, location, slot);
      default -> asm.rm(MOVUPS_RM, location, slot);
    }
  }

  private void store(ValType type, Mem slot, int location, int stackArea) {
    if (CallingConvention.isStack(location)) {
      through(type, stack(location, stackArea), slot);
      return;
    }
    boolean integer = CallingConvention.isInteger(type);
    switch (type.sizeBytes()) {
      case 4 -> asm.mr(integer ? MOV32_MR : MOVSS_MR, slot, location);
      case 8 -> asm.mr(integer ? MOV64_MR : MOVSD_MR, slot, location);
      default -> asm.mr(MOVUPS_MR, slot, location);
    }
  }

  private void through(ValType type, Mem from, Mem to) {
    int scratch = Registers.VECTOR_SCRATCH;
    if (type == VecType.V128) {
      asm.rm(MOVUPS_RM, scratch, from);
      asm.mr(MOVUPS_MR, to, scratch);
    } else {
      asm.rm(MOVQ_XX, scratch, from);
      asm.mr(MOVQ_MX, to, scratch);
    }
  }
}
