package dev.troupe.engine;

/**
 * Where the machine code of a module's function is, for profilers.
 *
 * @param index of the function in the module
 * @param name of module and function as far as they are known, else the index
 * @param address of the first byte; valid as long as the module is
 * @param bytes of code
 */
public record CompiledFunction(int index, String name, long address, int bytes) {}
