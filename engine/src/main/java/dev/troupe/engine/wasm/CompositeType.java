package dev.troupe.engine.wasm;

/** An entry of a module's type section. Function types today; structs and arrays belong here. */
public sealed interface CompositeType permits FuncType {}
