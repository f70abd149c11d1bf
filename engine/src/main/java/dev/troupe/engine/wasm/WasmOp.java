package dev.troupe.engine.wasm;

import static dev.troupe.engine.wasm.Immediate.*;
import static dev.troupe.engine.wasm.WasmFeature.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The instruction table: one row per instruction of WebAssembly 3.0 (binary format, section 5.4).
 * Every other list of instructions is derived from it.
 *
 * <p>A row holds the code, the mnemonic, the immediates, the signature, the feature that brought
 * the instruction, its fuel cost where that is not 1, and for memory accesses the base-2 logarithm
 * of the natural alignment, which equals that of the access width.
 *
 * <p>The code of a prefixed instruction is {@code prefix << 16 | opcode}.
 *
 * <p>A signature is written {@code params:results} with one letter per value: {@code i l f d v} are
 * i32, i64, f32, f64, v128; {@code a} is an address, i32 unless the memory or table is 64-bit. It
 * is null where the types depend on the immediates or the operands.
 */
public enum WasmOp {
  // Control instructions (section 5.4.1)
  UNREACHABLE(0x00, "unreachable", NONE, null, MVP, 0),
  NOP(0x01, "nop", NONE, ":", MVP, 0),
  BLOCK(0x02, "block", BLOCK_TYPE, null, MVP, 0),
  LOOP(0x03, "loop", BLOCK_TYPE, null, MVP, 0),
  IF(0x04, "if", BLOCK_TYPE, null, MVP),
  ELSE(0x05, "else", NONE, null, MVP, 0),
  TRY(0x06, "try", BLOCK_TYPE, null, LEGACY_EXCEPTIONS, 0),
  CATCH(0x07, "catch", TAG, null, LEGACY_EXCEPTIONS, 0),
  THROW(0x08, "throw", TAG, null, EXCEPTIONS),
  RETHROW(0x09, "rethrow", LABEL, null, LEGACY_EXCEPTIONS),
  THROW_REF(0x0A, "throw_ref", NONE, null, EXCEPTIONS),
  END(0x0B, "end", NONE, null, MVP, 0),
  BR(0x0C, "br", LABEL, null, MVP),
  BR_IF(0x0D, "br_if", LABEL, null, MVP),
  BR_TABLE(0x0E, "br_table", LABEL_TABLE, null, MVP),
  RETURN(0x0F, "return", NONE, null, MVP, 0),
  CALL(0x10, "call", FUNCTION, null, MVP),
  CALL_INDIRECT(0x11, "call_indirect", Immediate.CALL_INDIRECT, null, MVP),
  RETURN_CALL(0x12, "return_call", FUNCTION, null, TAIL_CALL),
  RETURN_CALL_INDIRECT(0x13, "return_call_indirect", Immediate.CALL_INDIRECT, null, TAIL_CALL),
  CALL_REF(0x14, "call_ref", TYPE, null, FUNCTION_REFERENCES),
  RETURN_CALL_REF(0x15, "return_call_ref", TYPE, null, FUNCTION_REFERENCES),

  DELEGATE(0x18, "delegate", LABEL, null, LEGACY_EXCEPTIONS, 0),
  CATCH_ALL(0x19, "catch_all", NONE, null, LEGACY_EXCEPTIONS, 0),

  // Parametric instructions
  DROP(0x1A, "drop", NONE, null, MVP, 0),
  SELECT(0x1B, "select", NONE, null, MVP),
  SELECT_TYPED(0x1C, "select", SELECT_TYPES, null, REFERENCE_TYPES),
  TRY_TABLE(0x1F, "try_table", Immediate.TRY_TABLE, null, EXCEPTIONS, 0),

  // Variable instructions
  LOCAL_GET(0x20, "local.get", LOCAL, null, MVP),
  LOCAL_SET(0x21, "local.set", LOCAL, null, MVP),
  LOCAL_TEE(0x22, "local.tee", LOCAL, null, MVP),
  GLOBAL_GET(0x23, "global.get", GLOBAL, null, MVP),
  GLOBAL_SET(0x24, "global.set", GLOBAL, null, MVP),
  TABLE_GET(0x25, "table.get", TABLE, null, REFERENCE_TYPES),
  TABLE_SET(0x26, "table.set", TABLE, null, REFERENCE_TYPES),

  // Memory instructions; the address letter is i32, or i64 for a 64-bit memory
  I32_LOAD(0x28, "i32.load", MEM_ARG, "a:i", MVP, 1, 2),
  I64_LOAD(0x29, "i64.load", MEM_ARG, "a:l", MVP, 1, 3),
  F32_LOAD(0x2A, "f32.load", MEM_ARG, "a:f", MVP, 1, 2),
  F64_LOAD(0x2B, "f64.load", MEM_ARG, "a:d", MVP, 1, 3),
  I32_LOAD8_S(0x2C, "i32.load8_s", MEM_ARG, "a:i", MVP, 1, 0),
  I32_LOAD8_U(0x2D, "i32.load8_u", MEM_ARG, "a:i", MVP, 1, 0),
  I32_LOAD16_S(0x2E, "i32.load16_s", MEM_ARG, "a:i", MVP, 1, 1),
  I32_LOAD16_U(0x2F, "i32.load16_u", MEM_ARG, "a:i", MVP, 1, 1),
  I64_LOAD8_S(0x30, "i64.load8_s", MEM_ARG, "a:l", MVP, 1, 0),
  I64_LOAD8_U(0x31, "i64.load8_u", MEM_ARG, "a:l", MVP, 1, 0),
  I64_LOAD16_S(0x32, "i64.load16_s", MEM_ARG, "a:l", MVP, 1, 1),
  I64_LOAD16_U(0x33, "i64.load16_u", MEM_ARG, "a:l", MVP, 1, 1),
  I64_LOAD32_S(0x34, "i64.load32_s", MEM_ARG, "a:l", MVP, 1, 2),
  I64_LOAD32_U(0x35, "i64.load32_u", MEM_ARG, "a:l", MVP, 1, 2),
  I32_STORE(0x36, "i32.store", MEM_ARG, "ai:", MVP, 1, 2),
  I64_STORE(0x37, "i64.store", MEM_ARG, "al:", MVP, 1, 3),
  F32_STORE(0x38, "f32.store", MEM_ARG, "af:", MVP, 1, 2),
  F64_STORE(0x39, "f64.store", MEM_ARG, "ad:", MVP, 1, 3),
  I32_STORE8(0x3A, "i32.store8", MEM_ARG, "ai:", MVP, 1, 0),
  I32_STORE16(0x3B, "i32.store16", MEM_ARG, "ai:", MVP, 1, 1),
  I64_STORE8(0x3C, "i64.store8", MEM_ARG, "al:", MVP, 1, 0),
  I64_STORE16(0x3D, "i64.store16", MEM_ARG, "al:", MVP, 1, 1),
  I64_STORE32(0x3E, "i64.store32", MEM_ARG, "al:", MVP, 1, 2),
  MEMORY_SIZE(0x3F, "memory.size", MEMORY, ":a", MVP),
  MEMORY_GROW(0x40, "memory.grow", MEMORY, "a:a", MVP),

  // Numeric instructions
  I32_CONST(0x41, "i32.const", I32, ":i", MVP),
  I64_CONST(0x42, "i64.const", I64, ":l", MVP),
  F32_CONST(0x43, "f32.const", F32, ":f", MVP),
  F64_CONST(0x44, "f64.const", F64, ":d", MVP),
  I32_EQZ(0x45, "i32.eqz", NONE, "i:i", MVP),
  I32_EQ(0x46, "i32.eq", NONE, "ii:i", MVP),
  I32_NE(0x47, "i32.ne", NONE, "ii:i", MVP),
  I32_LT_S(0x48, "i32.lt_s", NONE, "ii:i", MVP),
  I32_LT_U(0x49, "i32.lt_u", NONE, "ii:i", MVP),
  I32_GT_S(0x4A, "i32.gt_s", NONE, "ii:i", MVP),
  I32_GT_U(0x4B, "i32.gt_u", NONE, "ii:i", MVP),
  I32_LE_S(0x4C, "i32.le_s", NONE, "ii:i", MVP),
  I32_LE_U(0x4D, "i32.le_u", NONE, "ii:i", MVP),
  I32_GE_S(0x4E, "i32.ge_s", NONE, "ii:i", MVP),
  I32_GE_U(0x4F, "i32.ge_u", NONE, "ii:i", MVP),
  I64_EQZ(0x50, "i64.eqz", NONE, "l:i", MVP),
  I64_EQ(0x51, "i64.eq", NONE, "ll:i", MVP),
  I64_NE(0x52, "i64.ne", NONE, "ll:i", MVP),
  I64_LT_S(0x53, "i64.lt_s", NONE, "ll:i", MVP),
  I64_LT_U(0x54, "i64.lt_u", NONE, "ll:i", MVP),
  I64_GT_S(0x55, "i64.gt_s", NONE, "ll:i", MVP),
  I64_GT_U(0x56, "i64.gt_u", NONE, "ll:i", MVP),
  I64_LE_S(0x57, "i64.le_s", NONE, "ll:i", MVP),
  I64_LE_U(0x58, "i64.le_u", NONE, "ll:i", MVP),
  I64_GE_S(0x59, "i64.ge_s", NONE, "ll:i", MVP),
  I64_GE_U(0x5A, "i64.ge_u", NONE, "ll:i", MVP),
  F32_EQ(0x5B, "f32.eq", NONE, "ff:i", MVP),
  F32_NE(0x5C, "f32.ne", NONE, "ff:i", MVP),
  F32_LT(0x5D, "f32.lt", NONE, "ff:i", MVP),
  F32_GT(0x5E, "f32.gt", NONE, "ff:i", MVP),
  F32_LE(0x5F, "f32.le", NONE, "ff:i", MVP),
  F32_GE(0x60, "f32.ge", NONE, "ff:i", MVP),
  F64_EQ(0x61, "f64.eq", NONE, "dd:i", MVP),
  F64_NE(0x62, "f64.ne", NONE, "dd:i", MVP),
  F64_LT(0x63, "f64.lt", NONE, "dd:i", MVP),
  F64_GT(0x64, "f64.gt", NONE, "dd:i", MVP),
  F64_LE(0x65, "f64.le", NONE, "dd:i", MVP),
  F64_GE(0x66, "f64.ge", NONE, "dd:i", MVP),
  I32_CLZ(0x67, "i32.clz", NONE, "i:i", MVP),
  I32_CTZ(0x68, "i32.ctz", NONE, "i:i", MVP),
  I32_POPCNT(0x69, "i32.popcnt", NONE, "i:i", MVP),
  I32_ADD(0x6A, "i32.add", NONE, "ii:i", MVP),
  I32_SUB(0x6B, "i32.sub", NONE, "ii:i", MVP),
  I32_MUL(0x6C, "i32.mul", NONE, "ii:i", MVP),
  I32_DIV_S(0x6D, "i32.div_s", NONE, "ii:i", MVP),
  I32_DIV_U(0x6E, "i32.div_u", NONE, "ii:i", MVP),
  I32_REM_S(0x6F, "i32.rem_s", NONE, "ii:i", MVP),
  I32_REM_U(0x70, "i32.rem_u", NONE, "ii:i", MVP),
  I32_AND(0x71, "i32.and", NONE, "ii:i", MVP),
  I32_OR(0x72, "i32.or", NONE, "ii:i", MVP),
  I32_XOR(0x73, "i32.xor", NONE, "ii:i", MVP),
  I32_SHL(0x74, "i32.shl", NONE, "ii:i", MVP),
  I32_SHR_S(0x75, "i32.shr_s", NONE, "ii:i", MVP),
  I32_SHR_U(0x76, "i32.shr_u", NONE, "ii:i", MVP),
  I32_ROTL(0x77, "i32.rotl", NONE, "ii:i", MVP),
  I32_ROTR(0x78, "i32.rotr", NONE, "ii:i", MVP),
  I64_CLZ(0x79, "i64.clz", NONE, "l:l", MVP),
  I64_CTZ(0x7A, "i64.ctz", NONE, "l:l", MVP),
  I64_POPCNT(0x7B, "i64.popcnt", NONE, "l:l", MVP),
  I64_ADD(0x7C, "i64.add", NONE, "ll:l", MVP),
  I64_SUB(0x7D, "i64.sub", NONE, "ll:l", MVP),
  I64_MUL(0x7E, "i64.mul", NONE, "ll:l", MVP),
  I64_DIV_S(0x7F, "i64.div_s", NONE, "ll:l", MVP),
  I64_DIV_U(0x80, "i64.div_u", NONE, "ll:l", MVP),
  I64_REM_S(0x81, "i64.rem_s", NONE, "ll:l", MVP),
  I64_REM_U(0x82, "i64.rem_u", NONE, "ll:l", MVP),
  I64_AND(0x83, "i64.and", NONE, "ll:l", MVP),
  I64_OR(0x84, "i64.or", NONE, "ll:l", MVP),
  I64_XOR(0x85, "i64.xor", NONE, "ll:l", MVP),
  I64_SHL(0x86, "i64.shl", NONE, "ll:l", MVP),
  I64_SHR_S(0x87, "i64.shr_s", NONE, "ll:l", MVP),
  I64_SHR_U(0x88, "i64.shr_u", NONE, "ll:l", MVP),
  I64_ROTL(0x89, "i64.rotl", NONE, "ll:l", MVP),
  I64_ROTR(0x8A, "i64.rotr", NONE, "ll:l", MVP),
  F32_ABS(0x8B, "f32.abs", NONE, "f:f", MVP),
  F32_NEG(0x8C, "f32.neg", NONE, "f:f", MVP),
  F32_CEIL(0x8D, "f32.ceil", NONE, "f:f", MVP),
  F32_FLOOR(0x8E, "f32.floor", NONE, "f:f", MVP),
  F32_TRUNC(0x8F, "f32.trunc", NONE, "f:f", MVP),
  F32_NEAREST(0x90, "f32.nearest", NONE, "f:f", MVP),
  F32_SQRT(0x91, "f32.sqrt", NONE, "f:f", MVP),
  F32_ADD(0x92, "f32.add", NONE, "ff:f", MVP),
  F32_SUB(0x93, "f32.sub", NONE, "ff:f", MVP),
  F32_MUL(0x94, "f32.mul", NONE, "ff:f", MVP),
  F32_DIV(0x95, "f32.div", NONE, "ff:f", MVP),
  F32_MIN(0x96, "f32.min", NONE, "ff:f", MVP),
  F32_MAX(0x97, "f32.max", NONE, "ff:f", MVP),
  F32_COPYSIGN(0x98, "f32.copysign", NONE, "ff:f", MVP),
  F64_ABS(0x99, "f64.abs", NONE, "d:d", MVP),
  F64_NEG(0x9A, "f64.neg", NONE, "d:d", MVP),
  F64_CEIL(0x9B, "f64.ceil", NONE, "d:d", MVP),
  F64_FLOOR(0x9C, "f64.floor", NONE, "d:d", MVP),
  F64_TRUNC(0x9D, "f64.trunc", NONE, "d:d", MVP),
  F64_NEAREST(0x9E, "f64.nearest", NONE, "d:d", MVP),
  F64_SQRT(0x9F, "f64.sqrt", NONE, "d:d", MVP),
  F64_ADD(0xA0, "f64.add", NONE, "dd:d", MVP),
  F64_SUB(0xA1, "f64.sub", NONE, "dd:d", MVP),
  F64_MUL(0xA2, "f64.mul", NONE, "dd:d", MVP),
  F64_DIV(0xA3, "f64.div", NONE, "dd:d", MVP),
  F64_MIN(0xA4, "f64.min", NONE, "dd:d", MVP),
  F64_MAX(0xA5, "f64.max", NONE, "dd:d", MVP),
  F64_COPYSIGN(0xA6, "f64.copysign", NONE, "dd:d", MVP),
  I32_WRAP_I64(0xA7, "i32.wrap_i64", NONE, "l:i", MVP),
  I32_TRUNC_F32_S(0xA8, "i32.trunc_f32_s", NONE, "f:i", MVP),
  I32_TRUNC_F32_U(0xA9, "i32.trunc_f32_u", NONE, "f:i", MVP),
  I32_TRUNC_F64_S(0xAA, "i32.trunc_f64_s", NONE, "d:i", MVP),
  I32_TRUNC_F64_U(0xAB, "i32.trunc_f64_u", NONE, "d:i", MVP),
  I64_EXTEND_I32_S(0xAC, "i64.extend_i32_s", NONE, "i:l", MVP),
  I64_EXTEND_I32_U(0xAD, "i64.extend_i32_u", NONE, "i:l", MVP),
  I64_TRUNC_F32_S(0xAE, "i64.trunc_f32_s", NONE, "f:l", MVP),
  I64_TRUNC_F32_U(0xAF, "i64.trunc_f32_u", NONE, "f:l", MVP),
  I64_TRUNC_F64_S(0xB0, "i64.trunc_f64_s", NONE, "d:l", MVP),
  I64_TRUNC_F64_U(0xB1, "i64.trunc_f64_u", NONE, "d:l", MVP),
  F32_CONVERT_I32_S(0xB2, "f32.convert_i32_s", NONE, "i:f", MVP),
  F32_CONVERT_I32_U(0xB3, "f32.convert_i32_u", NONE, "i:f", MVP),
  F32_CONVERT_I64_S(0xB4, "f32.convert_i64_s", NONE, "l:f", MVP),
  F32_CONVERT_I64_U(0xB5, "f32.convert_i64_u", NONE, "l:f", MVP),
  F32_DEMOTE_F64(0xB6, "f32.demote_f64", NONE, "d:f", MVP),
  F64_CONVERT_I32_S(0xB7, "f64.convert_i32_s", NONE, "i:d", MVP),
  F64_CONVERT_I32_U(0xB8, "f64.convert_i32_u", NONE, "i:d", MVP),
  F64_CONVERT_I64_S(0xB9, "f64.convert_i64_s", NONE, "l:d", MVP),
  F64_CONVERT_I64_U(0xBA, "f64.convert_i64_u", NONE, "l:d", MVP),
  F64_PROMOTE_F32(0xBB, "f64.promote_f32", NONE, "f:d", MVP),
  I32_REINTERPRET_F32(0xBC, "i32.reinterpret_f32", NONE, "f:i", MVP),
  I64_REINTERPRET_F64(0xBD, "i64.reinterpret_f64", NONE, "d:l", MVP),
  F32_REINTERPRET_I32(0xBE, "f32.reinterpret_i32", NONE, "i:f", MVP),
  F64_REINTERPRET_I64(0xBF, "f64.reinterpret_i64", NONE, "l:d", MVP),
  I32_EXTEND8_S(0xC0, "i32.extend8_s", NONE, "i:i", SIGN_EXTENSION),
  I32_EXTEND16_S(0xC1, "i32.extend16_s", NONE, "i:i", SIGN_EXTENSION),
  I64_EXTEND8_S(0xC2, "i64.extend8_s", NONE, "l:l", SIGN_EXTENSION),
  I64_EXTEND16_S(0xC3, "i64.extend16_s", NONE, "l:l", SIGN_EXTENSION),
  I64_EXTEND32_S(0xC4, "i64.extend32_s", NONE, "l:l", SIGN_EXTENSION),

  // Reference instructions
  REF_NULL(0xD0, "ref.null", HEAP_TYPE, null, REFERENCE_TYPES),
  REF_IS_NULL(0xD1, "ref.is_null", NONE, null, REFERENCE_TYPES),
  REF_FUNC(0xD2, "ref.func", FUNCTION, null, REFERENCE_TYPES),
  REF_EQ(0xD3, "ref.eq", NONE, null, GC),
  REF_AS_NON_NULL(0xD4, "ref.as_non_null", NONE, null, FUNCTION_REFERENCES),
  BR_ON_NULL(0xD5, "br_on_null", LABEL, null, FUNCTION_REFERENCES),
  BR_ON_NON_NULL(0xD6, "br_on_non_null", LABEL, null, FUNCTION_REFERENCES),

  // Garbage collection (prefix 0xFB)
  STRUCT_NEW(0xFB0000, "struct.new", TYPE, null, GC),
  STRUCT_NEW_DEFAULT(0xFB0001, "struct.new_default", TYPE, null, GC),
  STRUCT_GET(0xFB0002, "struct.get", TYPE_FIELD, null, GC),
  STRUCT_GET_S(0xFB0003, "struct.get_s", TYPE_FIELD, null, GC),
  STRUCT_GET_U(0xFB0004, "struct.get_u", TYPE_FIELD, null, GC),
  STRUCT_SET(0xFB0005, "struct.set", TYPE_FIELD, null, GC),
  ARRAY_NEW(0xFB0006, "array.new", TYPE, null, GC),
  ARRAY_NEW_DEFAULT(0xFB0007, "array.new_default", TYPE, null, GC),
  ARRAY_NEW_FIXED(0xFB0008, "array.new_fixed", TYPE_COUNT, null, GC),
  ARRAY_NEW_DATA(0xFB0009, "array.new_data", TYPE_DATA, null, GC),
  ARRAY_NEW_ELEM(0xFB000A, "array.new_elem", TYPE_ELEMENT, null, GC),
  ARRAY_GET(0xFB000B, "array.get", TYPE, null, GC),
  ARRAY_GET_S(0xFB000C, "array.get_s", TYPE, null, GC),
  ARRAY_GET_U(0xFB000D, "array.get_u", TYPE, null, GC),
  ARRAY_SET(0xFB000E, "array.set", TYPE, null, GC),
  ARRAY_LEN(0xFB000F, "array.len", NONE, null, GC),
  ARRAY_FILL(0xFB0010, "array.fill", TYPE, null, GC),
  ARRAY_COPY(0xFB0011, "array.copy", TYPE_TYPE, null, GC),
  ARRAY_INIT_DATA(0xFB0012, "array.init_data", TYPE_DATA, null, GC),
  ARRAY_INIT_ELEM(0xFB0013, "array.init_elem", TYPE_ELEMENT, null, GC),
  REF_TEST(0xFB0014, "ref.test", HEAP_TYPE, null, GC),
  REF_TEST_NULL(0xFB0015, "ref.test", HEAP_TYPE, null, GC),
  REF_CAST(0xFB0016, "ref.cast", HEAP_TYPE, null, GC),
  REF_CAST_NULL(0xFB0017, "ref.cast", HEAP_TYPE, null, GC),
  BR_ON_CAST(0xFB0018, "br_on_cast", BRANCH_ON_CAST, null, GC),
  BR_ON_CAST_FAIL(0xFB0019, "br_on_cast_fail", BRANCH_ON_CAST, null, GC),
  ANY_CONVERT_EXTERN(0xFB001A, "any.convert_extern", NONE, null, GC),
  EXTERN_CONVERT_ANY(0xFB001B, "extern.convert_any", NONE, null, GC),
  REF_I31(0xFB001C, "ref.i31", NONE, null, GC),
  I31_GET_S(0xFB001D, "i31.get_s", NONE, null, GC),
  I31_GET_U(0xFB001E, "i31.get_u", NONE, null, GC),

  // Saturating conversions and bulk operations (prefix 0xFC)
  I32_TRUNC_SAT_F32_S(0xFC0000, "i32.trunc_sat_f32_s", NONE, "f:i", SATURATING_FLOAT_TO_INT),
  I32_TRUNC_SAT_F32_U(0xFC0001, "i32.trunc_sat_f32_u", NONE, "f:i", SATURATING_FLOAT_TO_INT),
  I32_TRUNC_SAT_F64_S(0xFC0002, "i32.trunc_sat_f64_s", NONE, "d:i", SATURATING_FLOAT_TO_INT),
  I32_TRUNC_SAT_F64_U(0xFC0003, "i32.trunc_sat_f64_u", NONE, "d:i", SATURATING_FLOAT_TO_INT),
  I64_TRUNC_SAT_F32_S(0xFC0004, "i64.trunc_sat_f32_s", NONE, "f:l", SATURATING_FLOAT_TO_INT),
  I64_TRUNC_SAT_F32_U(0xFC0005, "i64.trunc_sat_f32_u", NONE, "f:l", SATURATING_FLOAT_TO_INT),
  I64_TRUNC_SAT_F64_S(0xFC0006, "i64.trunc_sat_f64_s", NONE, "d:l", SATURATING_FLOAT_TO_INT),
  I64_TRUNC_SAT_F64_U(0xFC0007, "i64.trunc_sat_f64_u", NONE, "d:l", SATURATING_FLOAT_TO_INT),
  MEMORY_INIT(0xFC0008, "memory.init", Immediate.MEMORY_INIT, "aii:", BULK_MEMORY),
  DATA_DROP(0xFC0009, "data.drop", DATA, ":", BULK_MEMORY),
  MEMORY_COPY(0xFC000A, "memory.copy", Immediate.MEMORY_COPY, "aaa:", BULK_MEMORY),
  MEMORY_FILL(0xFC000B, "memory.fill", MEMORY, "aia:", BULK_MEMORY),
  TABLE_INIT(0xFC000C, "table.init", Immediate.TABLE_INIT, "aii:", BULK_MEMORY),
  ELEM_DROP(0xFC000D, "elem.drop", ELEMENT, ":", BULK_MEMORY),
  TABLE_COPY(0xFC000E, "table.copy", Immediate.TABLE_COPY, "aaa:", BULK_MEMORY),
  TABLE_GROW(0xFC000F, "table.grow", TABLE, null, REFERENCE_TYPES),
  TABLE_SIZE(0xFC0010, "table.size", TABLE, ":a", REFERENCE_TYPES),
  TABLE_FILL(0xFC0011, "table.fill", TABLE, null, REFERENCE_TYPES),
  I64_ADD128(0xFC0013, "i64.add128", NONE, "llll:ll", WIDE_ARITHMETIC),
  I64_SUB128(0xFC0014, "i64.sub128", NONE, "llll:ll", WIDE_ARITHMETIC),
  I64_MUL_WIDE_S(0xFC0015, "i64.mul_wide_s", NONE, "ll:ll", WIDE_ARITHMETIC),
  I64_MUL_WIDE_U(0xFC0016, "i64.mul_wide_u", NONE, "ll:ll", WIDE_ARITHMETIC),

  // Vectors (prefix 0xFD)
  V128_LOAD(0xFD0000, "v128.load", MEM_ARG, "a:v", SIMD, 1, 4),
  V128_LOAD8X8_S(0xFD0001, "v128.load8x8_s", MEM_ARG, "a:v", SIMD, 1, 3),
  V128_LOAD8X8_U(0xFD0002, "v128.load8x8_u", MEM_ARG, "a:v", SIMD, 1, 3),
  V128_LOAD16X4_S(0xFD0003, "v128.load16x4_s", MEM_ARG, "a:v", SIMD, 1, 3),
  V128_LOAD16X4_U(0xFD0004, "v128.load16x4_u", MEM_ARG, "a:v", SIMD, 1, 3),
  V128_LOAD32X2_S(0xFD0005, "v128.load32x2_s", MEM_ARG, "a:v", SIMD, 1, 3),
  V128_LOAD32X2_U(0xFD0006, "v128.load32x2_u", MEM_ARG, "a:v", SIMD, 1, 3),
  V128_LOAD8_SPLAT(0xFD0007, "v128.load8_splat", MEM_ARG, "a:v", SIMD, 1, 0),
  V128_LOAD16_SPLAT(0xFD0008, "v128.load16_splat", MEM_ARG, "a:v", SIMD, 1, 1),
  V128_LOAD32_SPLAT(0xFD0009, "v128.load32_splat", MEM_ARG, "a:v", SIMD, 1, 2),
  V128_LOAD64_SPLAT(0xFD000A, "v128.load64_splat", MEM_ARG, "a:v", SIMD, 1, 3),
  V128_STORE(0xFD000B, "v128.store", MEM_ARG, "av:", SIMD, 1, 4),
  V128_CONST(0xFD000C, "v128.const", V128, ":v", SIMD),
  I8X16_SHUFFLE(0xFD000D, "i8x16.shuffle", SHUFFLE, "vv:v", SIMD),
  I8X16_SWIZZLE(0xFD000E, "i8x16.swizzle", NONE, "vv:v", SIMD),
  I8X16_SPLAT(0xFD000F, "i8x16.splat", NONE, "i:v", SIMD),
  I16X8_SPLAT(0xFD0010, "i16x8.splat", NONE, "i:v", SIMD),
  I32X4_SPLAT(0xFD0011, "i32x4.splat", NONE, "i:v", SIMD),
  I64X2_SPLAT(0xFD0012, "i64x2.splat", NONE, "l:v", SIMD),
  F32X4_SPLAT(0xFD0013, "f32x4.splat", NONE, "f:v", SIMD),
  F64X2_SPLAT(0xFD0014, "f64x2.splat", NONE, "d:v", SIMD),
  I8X16_EXTRACT_LANE_S(0xFD0015, "i8x16.extract_lane_s", LANE, "v:i", SIMD),
  I8X16_EXTRACT_LANE_U(0xFD0016, "i8x16.extract_lane_u", LANE, "v:i", SIMD),
  I8X16_REPLACE_LANE(0xFD0017, "i8x16.replace_lane", LANE, "vi:v", SIMD),
  I16X8_EXTRACT_LANE_S(0xFD0018, "i16x8.extract_lane_s", LANE, "v:i", SIMD),
  I16X8_EXTRACT_LANE_U(0xFD0019, "i16x8.extract_lane_u", LANE, "v:i", SIMD),
  I16X8_REPLACE_LANE(0xFD001A, "i16x8.replace_lane", LANE, "vi:v", SIMD),
  I32X4_EXTRACT_LANE(0xFD001B, "i32x4.extract_lane", LANE, "v:i", SIMD),
  I32X4_REPLACE_LANE(0xFD001C, "i32x4.replace_lane", LANE, "vi:v", SIMD),
  I64X2_EXTRACT_LANE(0xFD001D, "i64x2.extract_lane", LANE, "v:l", SIMD),
  I64X2_REPLACE_LANE(0xFD001E, "i64x2.replace_lane", LANE, "vl:v", SIMD),
  F32X4_EXTRACT_LANE(0xFD001F, "f32x4.extract_lane", LANE, "v:f", SIMD),
  F32X4_REPLACE_LANE(0xFD0020, "f32x4.replace_lane", LANE, "vf:v", SIMD),
  F64X2_EXTRACT_LANE(0xFD0021, "f64x2.extract_lane", LANE, "v:d", SIMD),
  F64X2_REPLACE_LANE(0xFD0022, "f64x2.replace_lane", LANE, "vd:v", SIMD),
  I8X16_EQ(0xFD0023, "i8x16.eq", NONE, "vv:v", SIMD),
  I8X16_NE(0xFD0024, "i8x16.ne", NONE, "vv:v", SIMD),
  I8X16_LT_S(0xFD0025, "i8x16.lt_s", NONE, "vv:v", SIMD),
  I8X16_LT_U(0xFD0026, "i8x16.lt_u", NONE, "vv:v", SIMD),
  I8X16_GT_S(0xFD0027, "i8x16.gt_s", NONE, "vv:v", SIMD),
  I8X16_GT_U(0xFD0028, "i8x16.gt_u", NONE, "vv:v", SIMD),
  I8X16_LE_S(0xFD0029, "i8x16.le_s", NONE, "vv:v", SIMD),
  I8X16_LE_U(0xFD002A, "i8x16.le_u", NONE, "vv:v", SIMD),
  I8X16_GE_S(0xFD002B, "i8x16.ge_s", NONE, "vv:v", SIMD),
  I8X16_GE_U(0xFD002C, "i8x16.ge_u", NONE, "vv:v", SIMD),
  I16X8_EQ(0xFD002D, "i16x8.eq", NONE, "vv:v", SIMD),
  I16X8_NE(0xFD002E, "i16x8.ne", NONE, "vv:v", SIMD),
  I16X8_LT_S(0xFD002F, "i16x8.lt_s", NONE, "vv:v", SIMD),
  I16X8_LT_U(0xFD0030, "i16x8.lt_u", NONE, "vv:v", SIMD),
  I16X8_GT_S(0xFD0031, "i16x8.gt_s", NONE, "vv:v", SIMD),
  I16X8_GT_U(0xFD0032, "i16x8.gt_u", NONE, "vv:v", SIMD),
  I16X8_LE_S(0xFD0033, "i16x8.le_s", NONE, "vv:v", SIMD),
  I16X8_LE_U(0xFD0034, "i16x8.le_u", NONE, "vv:v", SIMD),
  I16X8_GE_S(0xFD0035, "i16x8.ge_s", NONE, "vv:v", SIMD),
  I16X8_GE_U(0xFD0036, "i16x8.ge_u", NONE, "vv:v", SIMD),
  I32X4_EQ(0xFD0037, "i32x4.eq", NONE, "vv:v", SIMD),
  I32X4_NE(0xFD0038, "i32x4.ne", NONE, "vv:v", SIMD),
  I32X4_LT_S(0xFD0039, "i32x4.lt_s", NONE, "vv:v", SIMD),
  I32X4_LT_U(0xFD003A, "i32x4.lt_u", NONE, "vv:v", SIMD),
  I32X4_GT_S(0xFD003B, "i32x4.gt_s", NONE, "vv:v", SIMD),
  I32X4_GT_U(0xFD003C, "i32x4.gt_u", NONE, "vv:v", SIMD),
  I32X4_LE_S(0xFD003D, "i32x4.le_s", NONE, "vv:v", SIMD),
  I32X4_LE_U(0xFD003E, "i32x4.le_u", NONE, "vv:v", SIMD),
  I32X4_GE_S(0xFD003F, "i32x4.ge_s", NONE, "vv:v", SIMD),
  I32X4_GE_U(0xFD0040, "i32x4.ge_u", NONE, "vv:v", SIMD),
  F32X4_EQ(0xFD0041, "f32x4.eq", NONE, "vv:v", SIMD),
  F32X4_NE(0xFD0042, "f32x4.ne", NONE, "vv:v", SIMD),
  F32X4_LT(0xFD0043, "f32x4.lt", NONE, "vv:v", SIMD),
  F32X4_GT(0xFD0044, "f32x4.gt", NONE, "vv:v", SIMD),
  F32X4_LE(0xFD0045, "f32x4.le", NONE, "vv:v", SIMD),
  F32X4_GE(0xFD0046, "f32x4.ge", NONE, "vv:v", SIMD),
  F64X2_EQ(0xFD0047, "f64x2.eq", NONE, "vv:v", SIMD),
  F64X2_NE(0xFD0048, "f64x2.ne", NONE, "vv:v", SIMD),
  F64X2_LT(0xFD0049, "f64x2.lt", NONE, "vv:v", SIMD),
  F64X2_GT(0xFD004A, "f64x2.gt", NONE, "vv:v", SIMD),
  F64X2_LE(0xFD004B, "f64x2.le", NONE, "vv:v", SIMD),
  F64X2_GE(0xFD004C, "f64x2.ge", NONE, "vv:v", SIMD),
  V128_NOT(0xFD004D, "v128.not", NONE, "v:v", SIMD),
  V128_AND(0xFD004E, "v128.and", NONE, "vv:v", SIMD),
  V128_ANDNOT(0xFD004F, "v128.andnot", NONE, "vv:v", SIMD),
  V128_OR(0xFD0050, "v128.or", NONE, "vv:v", SIMD),
  V128_XOR(0xFD0051, "v128.xor", NONE, "vv:v", SIMD),
  V128_BITSELECT(0xFD0052, "v128.bitselect", NONE, "vvv:v", SIMD),
  V128_ANY_TRUE(0xFD0053, "v128.any_true", NONE, "v:i", SIMD),
  V128_LOAD8_LANE(0xFD0054, "v128.load8_lane", MEM_ARG_LANE, "av:v", SIMD, 1, 0),
  V128_LOAD16_LANE(0xFD0055, "v128.load16_lane", MEM_ARG_LANE, "av:v", SIMD, 1, 1),
  V128_LOAD32_LANE(0xFD0056, "v128.load32_lane", MEM_ARG_LANE, "av:v", SIMD, 1, 2),
  V128_LOAD64_LANE(0xFD0057, "v128.load64_lane", MEM_ARG_LANE, "av:v", SIMD, 1, 3),
  V128_STORE8_LANE(0xFD0058, "v128.store8_lane", MEM_ARG_LANE, "av:", SIMD, 1, 0),
  V128_STORE16_LANE(0xFD0059, "v128.store16_lane", MEM_ARG_LANE, "av:", SIMD, 1, 1),
  V128_STORE32_LANE(0xFD005A, "v128.store32_lane", MEM_ARG_LANE, "av:", SIMD, 1, 2),
  V128_STORE64_LANE(0xFD005B, "v128.store64_lane", MEM_ARG_LANE, "av:", SIMD, 1, 3),
  V128_LOAD32_ZERO(0xFD005C, "v128.load32_zero", MEM_ARG, "a:v", SIMD, 1, 2),
  V128_LOAD64_ZERO(0xFD005D, "v128.load64_zero", MEM_ARG, "a:v", SIMD, 1, 3),
  F32X4_DEMOTE_F64X2_ZERO(0xFD005E, "f32x4.demote_f64x2_zero", NONE, "v:v", SIMD),
  F64X2_PROMOTE_LOW_F32X4(0xFD005F, "f64x2.promote_low_f32x4", NONE, "v:v", SIMD),
  I8X16_ABS(0xFD0060, "i8x16.abs", NONE, "v:v", SIMD),
  I8X16_NEG(0xFD0061, "i8x16.neg", NONE, "v:v", SIMD),
  I8X16_POPCNT(0xFD0062, "i8x16.popcnt", NONE, "v:v", SIMD),
  I8X16_ALL_TRUE(0xFD0063, "i8x16.all_true", NONE, "v:i", SIMD),
  I8X16_BITMASK(0xFD0064, "i8x16.bitmask", NONE, "v:i", SIMD),
  I8X16_NARROW_I16X8_S(0xFD0065, "i8x16.narrow_i16x8_s", NONE, "vv:v", SIMD),
  I8X16_NARROW_I16X8_U(0xFD0066, "i8x16.narrow_i16x8_u", NONE, "vv:v", SIMD),
  F32X4_CEIL(0xFD0067, "f32x4.ceil", NONE, "v:v", SIMD),
  F32X4_FLOOR(0xFD0068, "f32x4.floor", NONE, "v:v", SIMD),
  F32X4_TRUNC(0xFD0069, "f32x4.trunc", NONE, "v:v", SIMD),
  F32X4_NEAREST(0xFD006A, "f32x4.nearest", NONE, "v:v", SIMD),
  I8X16_SHL(0xFD006B, "i8x16.shl", NONE, "vi:v", SIMD),
  I8X16_SHR_S(0xFD006C, "i8x16.shr_s", NONE, "vi:v", SIMD),
  I8X16_SHR_U(0xFD006D, "i8x16.shr_u", NONE, "vi:v", SIMD),
  I8X16_ADD(0xFD006E, "i8x16.add", NONE, "vv:v", SIMD),
  I8X16_ADD_SAT_S(0xFD006F, "i8x16.add_sat_s", NONE, "vv:v", SIMD),
  I8X16_ADD_SAT_U(0xFD0070, "i8x16.add_sat_u", NONE, "vv:v", SIMD),
  I8X16_SUB(0xFD0071, "i8x16.sub", NONE, "vv:v", SIMD),
  I8X16_SUB_SAT_S(0xFD0072, "i8x16.sub_sat_s", NONE, "vv:v", SIMD),
  I8X16_SUB_SAT_U(0xFD0073, "i8x16.sub_sat_u", NONE, "vv:v", SIMD),
  F64X2_CEIL(0xFD0074, "f64x2.ceil", NONE, "v:v", SIMD),
  F64X2_FLOOR(0xFD0075, "f64x2.floor", NONE, "v:v", SIMD),
  I8X16_MIN_S(0xFD0076, "i8x16.min_s", NONE, "vv:v", SIMD),
  I8X16_MIN_U(0xFD0077, "i8x16.min_u", NONE, "vv:v", SIMD),
  I8X16_MAX_S(0xFD0078, "i8x16.max_s", NONE, "vv:v", SIMD),
  I8X16_MAX_U(0xFD0079, "i8x16.max_u", NONE, "vv:v", SIMD),
  F64X2_TRUNC(0xFD007A, "f64x2.trunc", NONE, "v:v", SIMD),
  I8X16_AVGR_U(0xFD007B, "i8x16.avgr_u", NONE, "vv:v", SIMD),
  I16X8_EXTADD_PAIRWISE_I8X16_S(0xFD007C, "i16x8.extadd_pairwise_i8x16_s", NONE, "v:v", SIMD),
  I16X8_EXTADD_PAIRWISE_I8X16_U(0xFD007D, "i16x8.extadd_pairwise_i8x16_u", NONE, "v:v", SIMD),
  I32X4_EXTADD_PAIRWISE_I16X8_S(0xFD007E, "i32x4.extadd_pairwise_i16x8_s", NONE, "v:v", SIMD),
  I32X4_EXTADD_PAIRWISE_I16X8_U(0xFD007F, "i32x4.extadd_pairwise_i16x8_u", NONE, "v:v", SIMD),
  I16X8_ABS(0xFD0080, "i16x8.abs", NONE, "v:v", SIMD),
  I16X8_NEG(0xFD0081, "i16x8.neg", NONE, "v:v", SIMD),
  I16X8_Q15MULR_SAT_S(0xFD0082, "i16x8.q15mulr_sat_s", NONE, "vv:v", SIMD),
  I16X8_ALL_TRUE(0xFD0083, "i16x8.all_true", NONE, "v:i", SIMD),
  I16X8_BITMASK(0xFD0084, "i16x8.bitmask", NONE, "v:i", SIMD),
  I16X8_NARROW_I32X4_S(0xFD0085, "i16x8.narrow_i32x4_s", NONE, "vv:v", SIMD),
  I16X8_NARROW_I32X4_U(0xFD0086, "i16x8.narrow_i32x4_u", NONE, "vv:v", SIMD),
  I16X8_EXTEND_LOW_I8X16_S(0xFD0087, "i16x8.extend_low_i8x16_s", NONE, "v:v", SIMD),
  I16X8_EXTEND_HIGH_I8X16_S(0xFD0088, "i16x8.extend_high_i8x16_s", NONE, "v:v", SIMD),
  I16X8_EXTEND_LOW_I8X16_U(0xFD0089, "i16x8.extend_low_i8x16_u", NONE, "v:v", SIMD),
  I16X8_EXTEND_HIGH_I8X16_U(0xFD008A, "i16x8.extend_high_i8x16_u", NONE, "v:v", SIMD),
  I16X8_SHL(0xFD008B, "i16x8.shl", NONE, "vi:v", SIMD),
  I16X8_SHR_S(0xFD008C, "i16x8.shr_s", NONE, "vi:v", SIMD),
  I16X8_SHR_U(0xFD008D, "i16x8.shr_u", NONE, "vi:v", SIMD),
  I16X8_ADD(0xFD008E, "i16x8.add", NONE, "vv:v", SIMD),
  I16X8_ADD_SAT_S(0xFD008F, "i16x8.add_sat_s", NONE, "vv:v", SIMD),
  I16X8_ADD_SAT_U(0xFD0090, "i16x8.add_sat_u", NONE, "vv:v", SIMD),
  I16X8_SUB(0xFD0091, "i16x8.sub", NONE, "vv:v", SIMD),
  I16X8_SUB_SAT_S(0xFD0092, "i16x8.sub_sat_s", NONE, "vv:v", SIMD),
  I16X8_SUB_SAT_U(0xFD0093, "i16x8.sub_sat_u", NONE, "vv:v", SIMD),
  F64X2_NEAREST(0xFD0094, "f64x2.nearest", NONE, "v:v", SIMD),
  I16X8_MUL(0xFD0095, "i16x8.mul", NONE, "vv:v", SIMD),
  I16X8_MIN_S(0xFD0096, "i16x8.min_s", NONE, "vv:v", SIMD),
  I16X8_MIN_U(0xFD0097, "i16x8.min_u", NONE, "vv:v", SIMD),
  I16X8_MAX_S(0xFD0098, "i16x8.max_s", NONE, "vv:v", SIMD),
  I16X8_MAX_U(0xFD0099, "i16x8.max_u", NONE, "vv:v", SIMD),
  I16X8_AVGR_U(0xFD009B, "i16x8.avgr_u", NONE, "vv:v", SIMD),
  I16X8_EXTMUL_LOW_I8X16_S(0xFD009C, "i16x8.extmul_low_i8x16_s", NONE, "vv:v", SIMD),
  I16X8_EXTMUL_HIGH_I8X16_S(0xFD009D, "i16x8.extmul_high_i8x16_s", NONE, "vv:v", SIMD),
  I16X8_EXTMUL_LOW_I8X16_U(0xFD009E, "i16x8.extmul_low_i8x16_u", NONE, "vv:v", SIMD),
  I16X8_EXTMUL_HIGH_I8X16_U(0xFD009F, "i16x8.extmul_high_i8x16_u", NONE, "vv:v", SIMD),
  I32X4_ABS(0xFD00A0, "i32x4.abs", NONE, "v:v", SIMD),
  I32X4_NEG(0xFD00A1, "i32x4.neg", NONE, "v:v", SIMD),
  I32X4_ALL_TRUE(0xFD00A3, "i32x4.all_true", NONE, "v:i", SIMD),
  I32X4_BITMASK(0xFD00A4, "i32x4.bitmask", NONE, "v:i", SIMD),
  I32X4_EXTEND_LOW_I16X8_S(0xFD00A7, "i32x4.extend_low_i16x8_s", NONE, "v:v", SIMD),
  I32X4_EXTEND_HIGH_I16X8_S(0xFD00A8, "i32x4.extend_high_i16x8_s", NONE, "v:v", SIMD),
  I32X4_EXTEND_LOW_I16X8_U(0xFD00A9, "i32x4.extend_low_i16x8_u", NONE, "v:v", SIMD),
  I32X4_EXTEND_HIGH_I16X8_U(0xFD00AA, "i32x4.extend_high_i16x8_u", NONE, "v:v", SIMD),
  I32X4_SHL(0xFD00AB, "i32x4.shl", NONE, "vi:v", SIMD),
  I32X4_SHR_S(0xFD00AC, "i32x4.shr_s", NONE, "vi:v", SIMD),
  I32X4_SHR_U(0xFD00AD, "i32x4.shr_u", NONE, "vi:v", SIMD),
  I32X4_ADD(0xFD00AE, "i32x4.add", NONE, "vv:v", SIMD),
  I32X4_SUB(0xFD00B1, "i32x4.sub", NONE, "vv:v", SIMD),
  I32X4_MUL(0xFD00B5, "i32x4.mul", NONE, "vv:v", SIMD),
  I32X4_MIN_S(0xFD00B6, "i32x4.min_s", NONE, "vv:v", SIMD),
  I32X4_MIN_U(0xFD00B7, "i32x4.min_u", NONE, "vv:v", SIMD),
  I32X4_MAX_S(0xFD00B8, "i32x4.max_s", NONE, "vv:v", SIMD),
  I32X4_MAX_U(0xFD00B9, "i32x4.max_u", NONE, "vv:v", SIMD),
  I32X4_DOT_I16X8_S(0xFD00BA, "i32x4.dot_i16x8_s", NONE, "vv:v", SIMD),
  I32X4_EXTMUL_LOW_I16X8_S(0xFD00BC, "i32x4.extmul_low_i16x8_s", NONE, "vv:v", SIMD),
  I32X4_EXTMUL_HIGH_I16X8_S(0xFD00BD, "i32x4.extmul_high_i16x8_s", NONE, "vv:v", SIMD),
  I32X4_EXTMUL_LOW_I16X8_U(0xFD00BE, "i32x4.extmul_low_i16x8_u", NONE, "vv:v", SIMD),
  I32X4_EXTMUL_HIGH_I16X8_U(0xFD00BF, "i32x4.extmul_high_i16x8_u", NONE, "vv:v", SIMD),
  I64X2_ABS(0xFD00C0, "i64x2.abs", NONE, "v:v", SIMD),
  I64X2_NEG(0xFD00C1, "i64x2.neg", NONE, "v:v", SIMD),
  I64X2_ALL_TRUE(0xFD00C3, "i64x2.all_true", NONE, "v:i", SIMD),
  I64X2_BITMASK(0xFD00C4, "i64x2.bitmask", NONE, "v:i", SIMD),
  I64X2_EXTEND_LOW_I32X4_S(0xFD00C7, "i64x2.extend_low_i32x4_s", NONE, "v:v", SIMD),
  I64X2_EXTEND_HIGH_I32X4_S(0xFD00C8, "i64x2.extend_high_i32x4_s", NONE, "v:v", SIMD),
  I64X2_EXTEND_LOW_I32X4_U(0xFD00C9, "i64x2.extend_low_i32x4_u", NONE, "v:v", SIMD),
  I64X2_EXTEND_HIGH_I32X4_U(0xFD00CA, "i64x2.extend_high_i32x4_u", NONE, "v:v", SIMD),
  I64X2_SHL(0xFD00CB, "i64x2.shl", NONE, "vi:v", SIMD),
  I64X2_SHR_S(0xFD00CC, "i64x2.shr_s", NONE, "vi:v", SIMD),
  I64X2_SHR_U(0xFD00CD, "i64x2.shr_u", NONE, "vi:v", SIMD),
  I64X2_ADD(0xFD00CE, "i64x2.add", NONE, "vv:v", SIMD),
  I64X2_SUB(0xFD00D1, "i64x2.sub", NONE, "vv:v", SIMD),
  I64X2_MUL(0xFD00D5, "i64x2.mul", NONE, "vv:v", SIMD),
  I64X2_EQ(0xFD00D6, "i64x2.eq", NONE, "vv:v", SIMD),
  I64X2_NE(0xFD00D7, "i64x2.ne", NONE, "vv:v", SIMD),
  I64X2_LT_S(0xFD00D8, "i64x2.lt_s", NONE, "vv:v", SIMD),
  I64X2_GT_S(0xFD00D9, "i64x2.gt_s", NONE, "vv:v", SIMD),
  I64X2_LE_S(0xFD00DA, "i64x2.le_s", NONE, "vv:v", SIMD),
  I64X2_GE_S(0xFD00DB, "i64x2.ge_s", NONE, "vv:v", SIMD),
  I64X2_EXTMUL_LOW_I32X4_S(0xFD00DC, "i64x2.extmul_low_i32x4_s", NONE, "vv:v", SIMD),
  I64X2_EXTMUL_HIGH_I32X4_S(0xFD00DD, "i64x2.extmul_high_i32x4_s", NONE, "vv:v", SIMD),
  I64X2_EXTMUL_LOW_I32X4_U(0xFD00DE, "i64x2.extmul_low_i32x4_u", NONE, "vv:v", SIMD),
  I64X2_EXTMUL_HIGH_I32X4_U(0xFD00DF, "i64x2.extmul_high_i32x4_u", NONE, "vv:v", SIMD),
  F32X4_ABS(0xFD00E0, "f32x4.abs", NONE, "v:v", SIMD),
  F32X4_NEG(0xFD00E1, "f32x4.neg", NONE, "v:v", SIMD),
  F32X4_SQRT(0xFD00E3, "f32x4.sqrt", NONE, "v:v", SIMD),
  F32X4_ADD(0xFD00E4, "f32x4.add", NONE, "vv:v", SIMD),
  F32X4_SUB(0xFD00E5, "f32x4.sub", NONE, "vv:v", SIMD),
  F32X4_MUL(0xFD00E6, "f32x4.mul", NONE, "vv:v", SIMD),
  F32X4_DIV(0xFD00E7, "f32x4.div", NONE, "vv:v", SIMD),
  F32X4_MIN(0xFD00E8, "f32x4.min", NONE, "vv:v", SIMD),
  F32X4_MAX(0xFD00E9, "f32x4.max", NONE, "vv:v", SIMD),
  F32X4_PMIN(0xFD00EA, "f32x4.pmin", NONE, "vv:v", SIMD),
  F32X4_PMAX(0xFD00EB, "f32x4.pmax", NONE, "vv:v", SIMD),
  F64X2_ABS(0xFD00EC, "f64x2.abs", NONE, "v:v", SIMD),
  F64X2_NEG(0xFD00ED, "f64x2.neg", NONE, "v:v", SIMD),
  F64X2_SQRT(0xFD00EF, "f64x2.sqrt", NONE, "v:v", SIMD),
  F64X2_ADD(0xFD00F0, "f64x2.add", NONE, "vv:v", SIMD),
  F64X2_SUB(0xFD00F1, "f64x2.sub", NONE, "vv:v", SIMD),
  F64X2_MUL(0xFD00F2, "f64x2.mul", NONE, "vv:v", SIMD),
  F64X2_DIV(0xFD00F3, "f64x2.div", NONE, "vv:v", SIMD),
  F64X2_MIN(0xFD00F4, "f64x2.min", NONE, "vv:v", SIMD),
  F64X2_MAX(0xFD00F5, "f64x2.max", NONE, "vv:v", SIMD),
  F64X2_PMIN(0xFD00F6, "f64x2.pmin", NONE, "vv:v", SIMD),
  F64X2_PMAX(0xFD00F7, "f64x2.pmax", NONE, "vv:v", SIMD),
  I32X4_TRUNC_SAT_F32X4_S(0xFD00F8, "i32x4.trunc_sat_f32x4_s", NONE, "v:v", SIMD),
  I32X4_TRUNC_SAT_F32X4_U(0xFD00F9, "i32x4.trunc_sat_f32x4_u", NONE, "v:v", SIMD),
  F32X4_CONVERT_I32X4_S(0xFD00FA, "f32x4.convert_i32x4_s", NONE, "v:v", SIMD),
  F32X4_CONVERT_I32X4_U(0xFD00FB, "f32x4.convert_i32x4_u", NONE, "v:v", SIMD),
  I32X4_TRUNC_SAT_F64X2_S_ZERO(0xFD00FC, "i32x4.trunc_sat_f64x2_s_zero", NONE, "v:v", SIMD),
  I32X4_TRUNC_SAT_F64X2_U_ZERO(0xFD00FD, "i32x4.trunc_sat_f64x2_u_zero", NONE, "v:v", SIMD),
  F64X2_CONVERT_LOW_I32X4_S(0xFD00FE, "f64x2.convert_low_i32x4_s", NONE, "v:v", SIMD),
  F64X2_CONVERT_LOW_I32X4_U(0xFD00FF, "f64x2.convert_low_i32x4_u", NONE, "v:v", SIMD),
  I8X16_RELAXED_SWIZZLE(0xFD0100, "i8x16.relaxed_swizzle", NONE, "vv:v", RELAXED_SIMD),
  I32X4_RELAXED_TRUNC_F32X4_S(0xFD0101, "i32x4.relaxed_trunc_f32x4_s", NONE, "v:v", RELAXED_SIMD),
  I32X4_RELAXED_TRUNC_F32X4_U(0xFD0102, "i32x4.relaxed_trunc_f32x4_u", NONE, "v:v", RELAXED_SIMD),
  I32X4_RELAXED_TRUNC_F64X2_S_ZERO(
      0xFD0103, "i32x4.relaxed_trunc_f64x2_s_zero", NONE, "v:v", RELAXED_SIMD),
  I32X4_RELAXED_TRUNC_F64X2_U_ZERO(
      0xFD0104, "i32x4.relaxed_trunc_f64x2_u_zero", NONE, "v:v", RELAXED_SIMD),
  F32X4_RELAXED_MADD(0xFD0105, "f32x4.relaxed_madd", NONE, "vvv:v", RELAXED_SIMD),
  F32X4_RELAXED_NMADD(0xFD0106, "f32x4.relaxed_nmadd", NONE, "vvv:v", RELAXED_SIMD),
  F64X2_RELAXED_MADD(0xFD0107, "f64x2.relaxed_madd", NONE, "vvv:v", RELAXED_SIMD),
  F64X2_RELAXED_NMADD(0xFD0108, "f64x2.relaxed_nmadd", NONE, "vvv:v", RELAXED_SIMD),
  I8X16_RELAXED_LANESELECT(0xFD0109, "i8x16.relaxed_laneselect", NONE, "vvv:v", RELAXED_SIMD),
  I16X8_RELAXED_LANESELECT(0xFD010A, "i16x8.relaxed_laneselect", NONE, "vvv:v", RELAXED_SIMD),
  I32X4_RELAXED_LANESELECT(0xFD010B, "i32x4.relaxed_laneselect", NONE, "vvv:v", RELAXED_SIMD),
  I64X2_RELAXED_LANESELECT(0xFD010C, "i64x2.relaxed_laneselect", NONE, "vvv:v", RELAXED_SIMD),
  F32X4_RELAXED_MIN(0xFD010D, "f32x4.relaxed_min", NONE, "vv:v", RELAXED_SIMD),
  F32X4_RELAXED_MAX(0xFD010E, "f32x4.relaxed_max", NONE, "vv:v", RELAXED_SIMD),
  F64X2_RELAXED_MIN(0xFD010F, "f64x2.relaxed_min", NONE, "vv:v", RELAXED_SIMD),
  F64X2_RELAXED_MAX(0xFD0110, "f64x2.relaxed_max", NONE, "vv:v", RELAXED_SIMD),
  I16X8_RELAXED_Q15MULR_S(0xFD0111, "i16x8.relaxed_q15mulr_s", NONE, "vv:v", RELAXED_SIMD),
  I16X8_RELAXED_DOT_I8X16_I7X16_S(
      0xFD0112, "i16x8.relaxed_dot_i8x16_i7x16_s", NONE, "vv:v", RELAXED_SIMD),
  I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S(
      0xFD0113, "i32x4.relaxed_dot_i8x16_i7x16_add_s", NONE, "vvv:v", RELAXED_SIMD),

  // Atomic instructions (threads proposal): accesses of linear memory, but for the fence
  MEMORY_ATOMIC_NOTIFY(0xFE0000, "memory.atomic.notify", "ai:i", 2),
  MEMORY_ATOMIC_WAIT32(0xFE0001, "memory.atomic.wait32", "ail:i", 2),
  MEMORY_ATOMIC_WAIT64(0xFE0002, "memory.atomic.wait64", "all:i", 3),
  ATOMIC_FENCE(0xFE0003, "atomic.fence", ZERO_BYTE, ":", THREADS),
  I32_ATOMIC_LOAD(0xFE0010, "i32.atomic.load", "a:i", 2),
  I64_ATOMIC_LOAD(0xFE0011, "i64.atomic.load", "a:l", 3),
  I32_ATOMIC_LOAD8_U(0xFE0012, "i32.atomic.load8_u", "a:i", 0),
  I32_ATOMIC_LOAD16_U(0xFE0013, "i32.atomic.load16_u", "a:i", 1),
  I64_ATOMIC_LOAD8_U(0xFE0014, "i64.atomic.load8_u", "a:l", 0),
  I64_ATOMIC_LOAD16_U(0xFE0015, "i64.atomic.load16_u", "a:l", 1),
  I64_ATOMIC_LOAD32_U(0xFE0016, "i64.atomic.load32_u", "a:l", 2),
  I32_ATOMIC_STORE(0xFE0017, "i32.atomic.store", "ai:", 2),
  I64_ATOMIC_STORE(0xFE0018, "i64.atomic.store", "al:", 3),
  I32_ATOMIC_STORE8(0xFE0019, "i32.atomic.store8", "ai:", 0),
  I32_ATOMIC_STORE16(0xFE001A, "i32.atomic.store16", "ai:", 1),
  I64_ATOMIC_STORE8(0xFE001B, "i64.atomic.store8", "al:", 0),
  I64_ATOMIC_STORE16(0xFE001C, "i64.atomic.store16", "al:", 1),
  I64_ATOMIC_STORE32(0xFE001D, "i64.atomic.store32", "al:", 2),
  I32_ATOMIC_RMW_ADD(0xFE001E, "i32.atomic.rmw.add", "ai:i", 2),
  I64_ATOMIC_RMW_ADD(0xFE001F, "i64.atomic.rmw.add", "al:l", 3),
  I32_ATOMIC_RMW8_ADD_U(0xFE0020, "i32.atomic.rmw8.add_u", "ai:i", 0),
  I32_ATOMIC_RMW16_ADD_U(0xFE0021, "i32.atomic.rmw16.add_u", "ai:i", 1),
  I64_ATOMIC_RMW8_ADD_U(0xFE0022, "i64.atomic.rmw8.add_u", "al:l", 0),
  I64_ATOMIC_RMW16_ADD_U(0xFE0023, "i64.atomic.rmw16.add_u", "al:l", 1),
  I64_ATOMIC_RMW32_ADD_U(0xFE0024, "i64.atomic.rmw32.add_u", "al:l", 2),
  I32_ATOMIC_RMW_SUB(0xFE0025, "i32.atomic.rmw.sub", "ai:i", 2),
  I64_ATOMIC_RMW_SUB(0xFE0026, "i64.atomic.rmw.sub", "al:l", 3),
  I32_ATOMIC_RMW8_SUB_U(0xFE0027, "i32.atomic.rmw8.sub_u", "ai:i", 0),
  I32_ATOMIC_RMW16_SUB_U(0xFE0028, "i32.atomic.rmw16.sub_u", "ai:i", 1),
  I64_ATOMIC_RMW8_SUB_U(0xFE0029, "i64.atomic.rmw8.sub_u", "al:l", 0),
  I64_ATOMIC_RMW16_SUB_U(0xFE002A, "i64.atomic.rmw16.sub_u", "al:l", 1),
  I64_ATOMIC_RMW32_SUB_U(0xFE002B, "i64.atomic.rmw32.sub_u", "al:l", 2),
  I32_ATOMIC_RMW_AND(0xFE002C, "i32.atomic.rmw.and", "ai:i", 2),
  I64_ATOMIC_RMW_AND(0xFE002D, "i64.atomic.rmw.and", "al:l", 3),
  I32_ATOMIC_RMW8_AND_U(0xFE002E, "i32.atomic.rmw8.and_u", "ai:i", 0),
  I32_ATOMIC_RMW16_AND_U(0xFE002F, "i32.atomic.rmw16.and_u", "ai:i", 1),
  I64_ATOMIC_RMW8_AND_U(0xFE0030, "i64.atomic.rmw8.and_u", "al:l", 0),
  I64_ATOMIC_RMW16_AND_U(0xFE0031, "i64.atomic.rmw16.and_u", "al:l", 1),
  I64_ATOMIC_RMW32_AND_U(0xFE0032, "i64.atomic.rmw32.and_u", "al:l", 2),
  I32_ATOMIC_RMW_OR(0xFE0033, "i32.atomic.rmw.or", "ai:i", 2),
  I64_ATOMIC_RMW_OR(0xFE0034, "i64.atomic.rmw.or", "al:l", 3),
  I32_ATOMIC_RMW8_OR_U(0xFE0035, "i32.atomic.rmw8.or_u", "ai:i", 0),
  I32_ATOMIC_RMW16_OR_U(0xFE0036, "i32.atomic.rmw16.or_u", "ai:i", 1),
  I64_ATOMIC_RMW8_OR_U(0xFE0037, "i64.atomic.rmw8.or_u", "al:l", 0),
  I64_ATOMIC_RMW16_OR_U(0xFE0038, "i64.atomic.rmw16.or_u", "al:l", 1),
  I64_ATOMIC_RMW32_OR_U(0xFE0039, "i64.atomic.rmw32.or_u", "al:l", 2),
  I32_ATOMIC_RMW_XOR(0xFE003A, "i32.atomic.rmw.xor", "ai:i", 2),
  I64_ATOMIC_RMW_XOR(0xFE003B, "i64.atomic.rmw.xor", "al:l", 3),
  I32_ATOMIC_RMW8_XOR_U(0xFE003C, "i32.atomic.rmw8.xor_u", "ai:i", 0),
  I32_ATOMIC_RMW16_XOR_U(0xFE003D, "i32.atomic.rmw16.xor_u", "ai:i", 1),
  I64_ATOMIC_RMW8_XOR_U(0xFE003E, "i64.atomic.rmw8.xor_u", "al:l", 0),
  I64_ATOMIC_RMW16_XOR_U(0xFE003F, "i64.atomic.rmw16.xor_u", "al:l", 1),
  I64_ATOMIC_RMW32_XOR_U(0xFE0040, "i64.atomic.rmw32.xor_u", "al:l", 2),
  I32_ATOMIC_RMW_XCHG(0xFE0041, "i32.atomic.rmw.xchg", "ai:i", 2),
  I64_ATOMIC_RMW_XCHG(0xFE0042, "i64.atomic.rmw.xchg", "al:l", 3),
  I32_ATOMIC_RMW8_XCHG_U(0xFE0043, "i32.atomic.rmw8.xchg_u", "ai:i", 0),
  I32_ATOMIC_RMW16_XCHG_U(0xFE0044, "i32.atomic.rmw16.xchg_u", "ai:i", 1),
  I64_ATOMIC_RMW8_XCHG_U(0xFE0045, "i64.atomic.rmw8.xchg_u", "al:l", 0),
  I64_ATOMIC_RMW16_XCHG_U(0xFE0046, "i64.atomic.rmw16.xchg_u", "al:l", 1),
  I64_ATOMIC_RMW32_XCHG_U(0xFE0047, "i64.atomic.rmw32.xchg_u", "al:l", 2),
  I32_ATOMIC_RMW_CMPXCHG(0xFE0048, "i32.atomic.rmw.cmpxchg", "aii:i", 2),
  I64_ATOMIC_RMW_CMPXCHG(0xFE0049, "i64.atomic.rmw.cmpxchg", "all:l", 3),
  I32_ATOMIC_RMW8_CMPXCHG_U(0xFE004A, "i32.atomic.rmw8.cmpxchg_u", "aii:i", 0),
  I32_ATOMIC_RMW16_CMPXCHG_U(0xFE004B, "i32.atomic.rmw16.cmpxchg_u", "aii:i", 1),
  I64_ATOMIC_RMW8_CMPXCHG_U(0xFE004C, "i64.atomic.rmw8.cmpxchg_u", "all:l", 0),
  I64_ATOMIC_RMW16_CMPXCHG_U(0xFE004D, "i64.atomic.rmw16.cmpxchg_u", "all:l", 1),
  I64_ATOMIC_RMW32_CMPXCHG_U(0xFE004E, "i64.atomic.rmw32.cmpxchg_u", "all:l", 2);

  private static final WasmOp[] ALL = values();
  private static final @Nullable WasmOp[] PLAIN = new @Nullable WasmOp[256];
  private static final @Nullable WasmOp[] PREFIX_FB = new @Nullable WasmOp[32];
  private static final @Nullable WasmOp[] PREFIX_FC = new @Nullable WasmOp[32];
  private static final @Nullable WasmOp[] PREFIX_FD = new @Nullable WasmOp[512];
  private static final @Nullable WasmOp[] PREFIX_FE = new @Nullable WasmOp[128];
  private static final Map<String, WasmOp> BY_MNEMONIC = new HashMap<>();

  static {
    for (WasmOp op : ALL) {
      @Nullable WasmOp[] codes = codes(op.prefix());
      if (codes == null || codes[op.opcode()] != null) {
        throw new IllegalStateException("instruction table: bad or repeated code of " + op);
      }
      codes[op.opcode()] = op;
      BY_MNEMONIC.putIfAbsent(op.mnemonic, op);
    }
  }

  private final int code;
  private final String mnemonic;
  private final Immediate immediate;
  private final @Nullable FuncType signature;
  private final boolean addressed;
  private final WasmFeature feature;
  private final int fuelCost;
  private final int accessLog2;

  /** An atomic access. */
  WasmOp(int code, String mnemonic, String sig, int accessLog2) {
    this(code, mnemonic, MEM_ARG, sig, THREADS, 1, accessLog2);
  }

  WasmOp(int code, String mnemonic, Immediate imm, @Nullable String sig, WasmFeature feature) {
    this(code, mnemonic, imm, sig, feature, 1);
  }

  WasmOp(
      int code,
      String mnemonic,
      Immediate imm,
      @Nullable String sig,
      WasmFeature feature,
      int fuelCost) {
    this(code, mnemonic, imm, sig, feature, fuelCost, -1);
  }

  WasmOp(
      int code,
      String mnemonic,
      Immediate imm,
      @Nullable String sig,
      WasmFeature feature,
      int fuelCost,
      int accessLog2) {
    this.code = code;
    this.mnemonic = mnemonic;
    this.immediate = imm;
    this.signature = sig == null ? null : parseSignature(sig);
    this.addressed = sig != null && sig.indexOf('a') >= 0;
    this.feature = feature;
    this.fuelCost = fuelCost;
    this.accessLog2 = accessLog2;
  }

  private static FuncType parseSignature(String text) {
    return Signatures.PARSED.computeIfAbsent(
        text,
        fresh -> {
          int colon = fresh.indexOf(':');
          return new FuncType(types(fresh.substring(0, colon)), types(fresh.substring(colon + 1)));
        });
  }

  /** One type for all instructions of a signature: most share one of a few. */
  private static final class Signatures {
    static final Map<String, FuncType> PARSED = new HashMap<>();
  }

  private static List<ValType> types(String letters) {
    List<ValType> result = new ArrayList<>();
    for (char letter : letters.toCharArray()) {
      result.add(
          switch (letter) {
            case 'i', 'a' -> NumType.I32;
            case 'l' -> NumType.I64;
            case 'f' -> NumType.F32;
            case 'd' -> NumType.F64;
            case 'v' -> VecType.V128;
            default -> throw new IllegalArgumentException("signature letter " + letter);
          });
    }
    return result;
  }

  /** {@code prefix << 16 | opcode}; just the opcode byte for unprefixed instructions. */
  public int code() {
    return code;
  }

  /** The prefix byte, or 0. */
  public int prefix() {
    return code >>> 16;
  }

  /** The opcode after the prefix, or the single opcode byte. */
  public int opcode() {
    return code & 0xFFFF;
  }

  /** The name in the text format. A few pairs of instructions share one, for example select. */
  public String mnemonic() {
    return mnemonic;
  }

  /** What follows the opcode. */
  public Immediate immediate() {
    return immediate;
  }

  /**
   * Parameters and results for 32-bit memories and tables, or null when they depend on immediates
   * or operands. See {@link #isAddressed()}.
   */
  public @Nullable FuncType signature() {
    return signature;
  }

  /** Whether the signature has addresses, which a 64-bit memory or table turns into i64. */
  public boolean isAddressed() {
    return addressed;
  }

  /** The feature without which this instruction does not exist. */
  public WasmFeature feature() {
    return feature;
  }

  /** Units of fuel that executing it consumes. */
  public int fuelCost() {
    return fuelCost;
  }

  /** Whether it reads or writes linear memory at an address with an alignment and an offset. */
  public boolean isMemoryAccess() {
    return accessLog2 >= 0;
  }

  /** Whether it is such an access whose address must be a multiple of its width. */
  public boolean isAtomicAccess() {
    return accessLog2 >= 0 && prefix() == 0xFE;
  }

  /** Base-2 logarithm of the bytes accessed and of the natural alignment; -1 for other rows. */
  public int accessLog2() {
    return accessLog2;
  }

  /** Bytes read or written by a {@linkplain #isMemoryAccess() memory access}. */
  public int accessBytes() {
    return 1 << accessLog2;
  }

  /** The instruction with this opcode byte and no prefix, or null. */
  public static @Nullable WasmOp ofOpcode(int opcode) {
    return PLAIN[opcode];
  }

  /** The instruction with this prefix byte and opcode, or null; prefix 0 means none. */
  public static @Nullable WasmOp ofOpcode(int prefix, int opcode) {
    @Nullable WasmOp[] codes = codes(prefix);
    return codes == null || opcode < 0 || opcode >= codes.length ? null : codes[opcode];
  }

  /** Whether this byte starts a prefixed instruction. */
  public static boolean isPrefix(int opcode) {
    return opcode >= 0xFB && opcode <= 0xFE;
  }

  /** The first instruction with this mnemonic, or null. */
  public static @Nullable WasmOp ofMnemonic(String mnemonic) {
    return BY_MNEMONIC.get(mnemonic);
  }

  private static @Nullable WasmOp @Nullable [] codes(int prefix) {
    return switch (prefix) {
      case 0 -> PLAIN;
      case 0xFB -> PREFIX_FB;
      case 0xFC -> PREFIX_FC;
      case 0xFD -> PREFIX_FD;
      case 0xFE -> PREFIX_FE;
      default -> null;
    };
  }
}
