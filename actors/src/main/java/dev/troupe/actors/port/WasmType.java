package dev.troupe.actors.port;

/** The value types of core WebAssembly. Only the numbers can cross the API. */
public enum WasmType {
  /** 32-bit integer. */
  I32,
  /** 64-bit integer. */
  I64,
  /** 32-bit float. */
  F32,
  /** 64-bit float. */
  F64,
  /** Vector. */
  V128,
  /** Reference to a function. */
  FUNCREF,
  /** Reference to something of the host. */
  EXTERNREF
}
