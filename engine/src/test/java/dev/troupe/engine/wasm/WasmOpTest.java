package dev.troupe.engine.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WasmOpTest {
  @Test
  void everyRowIsFoundByItsCode() {
    Set<Integer> codes = new HashSet<>();
    for (WasmOp op : WasmOp.values()) {
      assertThat(codes.add(op.code())).as("code of %s is unique", op).isTrue();
      assertThat(WasmOp.ofOpcode(op.prefix(), op.opcode())).isSameAs(op);
      if (op.prefix() == 0) {
        assertThat(WasmOp.ofOpcode(op.opcode())).isSameAs(op);
        assertThat(WasmOp.isPrefix(op.opcode())).isFalse();
      } else {
        assertThat(WasmOp.isPrefix(op.prefix())).isTrue();
      }
    }
    assertThat(codes).hasSize(WasmOp.values().length);
  }

  @Test
  void mnemonicsAreUniqueButForPairsThatImmediatesTellApart() {
    Set<WasmOp> second = Set.of(WasmOp.SELECT_TYPED, WasmOp.REF_TEST_NULL, WasmOp.REF_CAST_NULL);
    for (WasmOp op : WasmOp.values()) {
      WasmOp found = WasmOp.ofMnemonic(op.mnemonic());
      if (second.contains(op)) {
        assertThat(found).isNotNull().isNotSameAs(op);
      } else {
        assertThat(found).isSameAs(op);
      }
    }
    assertThat(WasmOp.ofMnemonic("i32.frobnicate")).isNull();
  }

  @Test
  void constantNamesFollowMnemonics() {
    for (WasmOp op : WasmOp.values()) {
      assertThat(op.name()).startsWith(op.mnemonic().replace('.', '_').toUpperCase());
    }
  }

  @Test
  void immediatesAgreeWithTheOtherColumns() {
    for (WasmOp op : WasmOp.values()) {
      boolean access =
          op.immediate() == Immediate.MEM_ARG || op.immediate() == Immediate.MEM_ARG_LANE;
      assertThat(op.isMemoryAccess()).as("%s", op).isEqualTo(access);
      FuncType signature = op.signature();
      if (access) {
        assertThat(op.isAddressed()).isTrue();
        assertThat(signatureOf(op).params().getFirst()).isEqualTo(NumType.I32);
        assertThat(op.accessLog2()).isBetween(0, 4);
      }
      if (op.mnemonic().endsWith(".const")) {
        assertThat(signatureOf(op).params()).isEmpty();
        assertThat(signatureOf(op).results().getFirst().text())
            .isEqualTo(op.mnemonic().substring(0, op.mnemonic().indexOf('.')));
      }
      if (signature != null) {
        int most = op.feature() == WasmFeature.WIDE_ARITHMETIC ? 2 : 1;
        assertThat(signature.resultCount()).as("%s", op).isLessThanOrEqualTo(most);
      }
      assertThat(op.fuelCost()).isBetween(0, 1);
    }
  }

  private static FuncType signatureOf(WasmOp op) {
    return Objects.requireNonNull(op.signature(), op.mnemonic());
  }

  /** A second source for the types of the plain numeric rows: their names. */
  @Test
  void numericRowsHaveTheTypesTheirNamesSay() {
    for (WasmOp op : WasmOp.values()) {
      boolean plainNumeric = op.prefix() == 0 && op.opcode() >= 0x45 && op.opcode() <= 0xC4;
      if (!plainNumeric) {
        continue;
      }
      FuncType signature = signatureOf(op);
      String name = op.mnemonic();
      String type = name.substring(0, 3);
      boolean comparison = op.opcode() <= 0x66;
      String result = signature.results().getFirst().text();
      assertThat(result).as(name).isEqualTo(comparison ? "i32" : type);
      int underscore = name.indexOf('_');
      String source = underscore < 0 ? "" : name.substring(underscore + 1).split("_")[0];
      boolean conversion = Set.of("i32", "i64", "f32", "f64").contains(source);
      String param = signature.params().getFirst().text();
      assertThat(param).as(name).isEqualTo(conversion ? source : type);
    }
  }
}
