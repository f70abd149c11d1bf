package dev.troupe.engine.backend.x64;

import dev.troupe.engine.contract.CallingConvention;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.List;

/// The calling convention of SSA signatures.
final class Signatures {
  private Signatures() {}

  static CallingConvention convention(SsaSignature signature) {
    return CallingConvention.of(
        FuncType.of(types(signature.parameters()), types(signature.results())));
  }

  private static List<ValType> types(List<SsaType> types) {
    List<ValType> result = new ArrayList<>(types.size());
    for (SsaType type : types) {
      result.add(
          switch (type) {
            case I32 -> NumType.I32;
            case I64 -> NumType.I64;
            case F32 -> NumType.F32;
            case F64 -> NumType.F64;
            case V128 -> VecType.V128;
            case REF -> RefType.EXTERNREF;
          });
    }
    return result;
  }
}
