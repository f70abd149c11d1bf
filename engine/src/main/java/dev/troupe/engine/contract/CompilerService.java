package dev.troupe.engine.contract;

/**
 * The compiler as the rest of the engine sees it: bytes of a module in, bytes of an artifact out.
 * Found by {@link java.util.ServiceLoader}, so that a host can run saved artifacts without a
 * compiler on its class path.
 */
public interface CompilerService {
  /**
   * Decodes, validates and compiles a module to an artifact (an ELF file). Deterministic: equal
   * requests give equal bytes.
   *
   * @param meter measures the processor time and limits it
   * @throws dev.troupe.engine.wasm.WasmException when the module is malformed, invalid or too
   *     expensive to compile
   */
  byte[] compile(CompileRequest request, CompileMeter meter);
}
