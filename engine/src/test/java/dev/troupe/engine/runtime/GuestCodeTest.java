package dev.troupe.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Stubs of signatures are few and never given back, so declared types, which come and go, must not
 * make more of them.
 */
class GuestCodeTest {
  private static FuncType taking(ValType type) {
    return new FuncType(List.of(NumType.I32, type), List.of(type));
  }

  @Test
  void allReferencesShareTheStubsOfASignature() {
    GuestCode code = GuestCode.instance();
    long entry = code.entryPreamble(taking(RefType.FUNCREF));
    long trampoline = code.hostTrampoline(taking(RefType.FUNCREF));
    for (int index = 1; index < 100; index++) {
      FuncType type = taking(new RefType(index % 2 == 0, new ConcreteHeapType(index)));
      assertThat(code.entryPreamble(type)).isEqualTo(entry);
      assertThat(code.hostTrampoline(type)).isEqualTo(trampoline);
    }
    // Unless others have taken all stubs before.
    long other = code.entryPreamble(taking(NumType.F64));
    assertThat(code.isGeneric(other) || other != entry).isTrue();
  }
}
