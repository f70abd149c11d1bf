package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.testing.SpecScripts;
import dev.troupe.engine.validate.BranchHintRules;
import dev.troupe.engine.wasm.BranchHint;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Branch hints in text and binary, right and wrong. */
class BranchHintsTest {
  private static final String NO = "(@metadata.code.branch_hint \"\\00\") ";
  private static final String YES = "(@metadata.code.branch_hint \"\\01\") ";
  private static final String TEXT =
      """
      (module
        (type (;0;) (func (param i32)))
        (import "m" "f" (func (;0;) (type 0) (param i32)))
        (func (;1;) (type 0) (param i32)
          local.get 0
          br_if 0
          block
            local.get 0
            %sbr_if 0
            local.get 0
            %sif
              nop
            end
          end)
        (func (;2;) (type 0) (param i32)
          local.get 0
          %sbr_if 0))
      """
          .formatted(YES, NO, NO);

  private static WasmModule decode(byte[] binary) {
    return ModuleDecoder.decode(binary, WasmFeatures.ALL, WasmLimits.DEFAULT);
  }

  private static byte[] section(WasmModule module) {
    CustomSection section = Objects.requireNonNull(module.customSection(BranchHints.SECTION));
    return Arrays.copyOfRange(
        module.bytes(), section.offset(), section.offset() + section.length());
  }

  @Test
  void instructionsHaveThem() {
    WasmModule module = decode(Wat.toBinary(TEXT));
    BranchHints hints = BranchHints.of(module);
    assertThat(hints.size()).isEqualTo(3);
    // One byte of locals, then: local.get 0, br_if 0, block, local.get 0.
    assertThat(hints.at(1, 9)).isEqualTo(BranchHint.LIKELY);
    assertThat(hints.at(1, 13)).isEqualTo(BranchHint.UNLIKELY);
    assertThat(hints.at(2, 3)).isEqualTo(BranchHint.UNLIKELY);
    assertThat(hints.at(1, 3)).isNull();
    BranchHintRules.check(module);
  }

  @Test
  void printedTheyAreAnnotationsAgain() {
    assertThat(Wat.print(decode(Wat.toBinary(TEXT)))).isEqualTo(TEXT);
  }

  @Test
  void foldedInstructionsHaveThemWhereTheyAreWritten() {
    String flat = "(func (param i32) local.get 0 local.get 0 %sbr_if 0 %sif nop end)";
    String folded =
        "(func (param i32) (local.get 0) %2$s(if (%1$sbr_if 0 (local.get 0)) (then nop)))";
    String foldedIf = "(func (param i32) %s(if (i32.eqz (local.get 0)) (then nop)))";
    String flatIf = "(func (param i32) local.get 0 i32.eqz %sif nop end)";
    assertThat(Wat.toBinary(foldedIf.formatted(NO))).isEqualTo(Wat.toBinary(flatIf.formatted(NO)));
    assertThat(Wat.toBinary("(func (param i32) " + YES + "(br_if 0 (local.get 0)))"))
        .isEqualTo(Wat.toBinary("(func (param i32) local.get 0 " + YES + "br_if 0)"));
    assertThat(decode(Wat.toBinary(flat.formatted(YES, NO))).customSections()).hasSize(1);
    assertThatThrownBy(() -> Wat.toBinary(folded.formatted(YES, NO)))
        .isInstanceOf(WatException.class);
  }

  /** The reference interpreter counts from the body's size, for which it takes five bytes. */
  @Test
  void theReferenceInterpreterWritesTheSame() throws IOException {
    String script = "custom/metadata.code.branch_hint/branch_hint";
    Path folder = SpecScripts.root().resolve(script);
    byte[] text = Files.readAllBytes(folder.resolve("branch_hint.0.wat"));
    BranchHints ours = BranchHints.of(decode(Wat.toBinary(text)));
    BranchHints reference =
        BranchHints.of(decode(Files.readAllBytes(folder.resolve("branch_hint.0.wasm"))));
    assertThat(ours.size()).isEqualTo(5).isEqualTo(reference.size());
    for (int i = 0; i < ours.size(); i++) {
      int function = ours.function(i);
      int offset = ours.offset(i);
      assertThat(reference.function(i)).isEqualTo(function);
      assertThat(reference.at(function, offset + 5)).isEqualTo(ours.at(function, offset));
    }
  }

  @Test
  void whereNoInstructionFollowsItIsAnError() {
    assertThatThrownBy(() -> Wat.toBinary("(module " + NO + "(func))"))
        .isInstanceOf(WatException.class)
        .hasMessageContaining("not in a function");
    assertThatThrownBy(() -> Wat.toBinary("(module (func nop " + NO + "))"))
        .isInstanceOf(WatException.class)
        .hasMessageContaining("not before an instruction");
    assertThatThrownBy(() -> Wat.toBinary("(func (@metadata.code.branch_hint \"\\02\") nop)"))
        .isInstanceOf(WatException.class)
        .hasMessageContaining("malformed hint");
    assertThatThrownBy(() -> Wat.toBinary("(func " + NO + NO + "nop)"))
        .isInstanceOf(WatException.class)
        .hasMessageContaining("duplicate annotation");
  }

  @Test
  void aHintForAnotherInstructionIsInvalidAndHarmless() {
    WasmModule module = decode(Wat.toBinary("(func " + NO + "nop)"));
    assertThat(BranchHints.of(module).size()).isEqualTo(1);
    assertThatThrownBy(() -> BranchHintRules.check(module))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("invalid target");
  }

  /** A module of one function without imports, and what the section says. */
  private static WasmModule module(ByteWriter hints) {
    byte[] contents = hints.toBytes();
    ByteWriter custom = new ByteWriter().name(BranchHints.SECTION);
    for (byte b : contents) {
      custom.u8(b);
    }
    return decode(
        new ByteWriter()
            .u8(0)
            .u8('a')
            .u8('s')
            .u8('m')
            .u8(1)
            .u8(0)
            .u8(0)
            .u8(0)
            .section(1, new ByteWriter().u32(1).u8(0x60).u32(0).u32(0))
            .section(3, new ByteWriter().u32(1).u32(0))
            .section(0, custom)
            .section(10, new ByteWriter().u32(1).u32(3).u32(0).u8(0x01).u8(0x0B))
            .toBytes());
  }

  @Test
  void aMalformedSectionIsNone() {
    ByteWriter good = new ByteWriter().u32(1).u32(0).u32(1).u32(1).u32(1).u8(0);
    assertThat(BranchHints.of(module(good)).size()).isEqualTo(1);
    ByteWriter[] bad = {
      new ByteWriter(),
      new ByteWriter().u32(2).u32(0).u32(1).u32(1).u32(1).u8(0),
      new ByteWriter().u32(1).u32(1).u32(1).u32(1).u32(1).u8(0),
      new ByteWriter().u32(1).u32(0).u32(1).u32(1).u32(2).u8(0).u8(0),
      new ByteWriter().u32(1).u32(0).u32(1).u32(1).u32(1).u8(2),
      // Behind the body, which has three bytes.
      new ByteWriter().u32(1).u32(0).u32(1).u32(3).u32(1).u8(0),
      new ByteWriter().u32(1).u32(0).u32(1).u32(-1).u32(1).u8(0),
      new ByteWriter().u32(1).u32(0).u32(2).u32(1).u32(1).u8(0).u32(1).u32(1).u8(0),
      new ByteWriter().u32(1).u32(0).u32(1).u32(1).u32(1).u8(0).u8(0),
      new ByteWriter().u32(-1).u32(0).u32(-1).u32(1).u32(1).u8(0)
    };
    for (ByteWriter section : bad) {
      WasmModule module = module(section);
      assertThat(BranchHints.of(module).size()).isZero();
      assertThatThrownBy(() -> BranchHints.read(module)).isInstanceOf(MalformedException.class);
      // What is no hint is printed as the section it is.
      assertThat(section(decode(Wat.toBinary(Wat.print(module))))).isEqualTo(section.toBytes());
    }
  }
}
