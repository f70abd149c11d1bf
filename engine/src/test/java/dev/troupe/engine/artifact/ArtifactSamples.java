package dev.troupe.engine.artifact;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;

/** A compiled module that uses every field of the format. */
final class ArtifactSamples {
  static final EngineMetadata HOST =
      EngineMetadata.current(
          EnumSet.of(IsaFeature.BMI1, IsaFeature.LZCNT), Tunables.DEFAULT, WasmFeatures.DEFAULT);

  static final int FUNCTIONS = 200;

  /** The start function: the last one. */
  static final int START = FUNCTIONS;

  static final int PAGE = MemoryImage.PAGE_BYTES;

  private ArtifactSamples() {}

  /** Bytes of the module that the segments and the name section refer to. */
  private static byte[] moduleBytes() {
    WireWriter out = new WireWriter();
    for (char c : "HELLOworldimage".toCharArray()) {
      out.put(c);
    }
    out.put(0);
    out.varint(5);
    out.put(4);
    for (char c : "demo".toCharArray()) {
      out.put(c);
    }
    out.put(1);
    out.varint(1 + 2 + 3 + 2 + 5);
    out.varint(2);
    out.put(1);
    out.put(3);
    for (char c : "add".toCharArray()) {
      out.put(c);
    }
    out.put(2);
    out.put(5);
    for (char c : "su\nub".toCharArray()) {
      out.put(c);
    }
    return out.toByteArray();
  }

  static WasmModule module() {
    byte[] bytes = moduleBytes();
    WasmModule.Builder b = WasmModule.builder(bytes);
    FuncType unary = new FuncType(List.of(NumType.I32), List.of(NumType.I64));
    FuncType many =
        new FuncType(
            List.of(NumType.F32, NumType.F64, VecType.V128, RefType.FUNCREF),
            List.of(RefType.EXTERNREF, NumType.I32));
    b.addType(unary);
    b.addType(many);
    b.addType(new FuncType(List.of(), List.of()));
    b.addFunctionImport(new Import("host", "hello", unary), 0);
    b.addImport(new Import("env", "t", new TableType(RefType.FUNCREF, Limits.between(1, 9))));
    b.addImport(new Import("env", "m", new MemoryType(Limits.atLeast(1), false)));
    b.addImport(new Import("env", "g", new GlobalType(NumType.I32, false)));
    for (int f = 0; f < FUNCTIONS; f++) {
      b.addFunction(f == START - 1 ? 2 : f % 2);
    }
    b.addTable(new TableType(RefType.EXTERNREF, new Limits(0, null, false)));
    b.addMemory(new MemoryType(new Limits(2, 4L, false), false));
    b.addGlobal(
        new GlobalType(NumType.I32, true), ConstExpr.of(new ConstExpr.I32Const(Integer.MIN_VALUE)));
    b.addGlobal(new GlobalType(NumType.I64, true), ConstExpr.of(new ConstExpr.I64Const(-5)));
    b.addGlobal(
        new GlobalType(NumType.F32, false), ConstExpr.of(new ConstExpr.F32Const(0x7fc00001)));
    b.addGlobal(
        new GlobalType(NumType.F64, false),
        ConstExpr.of(new ConstExpr.F64Const(0x8000000000000000L)));
    b.addGlobal(new GlobalType(VecType.V128, false), ConstExpr.of(new ConstExpr.V128Const(0, -1)));
    b.addGlobal(
        new GlobalType(RefType.FUNCREF, false),
        ConstExpr.of(new ConstExpr.RefNull(RefType.FUNCREF.heap())));
    WasmOp add = WasmOp.ofMnemonic("i32.add");
    b.addGlobal(
        new GlobalType(NumType.I32, false),
        new ConstExpr(
            0,
            0,
            List.of(
                new ConstExpr.GlobalGet(0),
                new ConstExpr.I32Const(1),
                new ConstExpr.Operator(java.util.Objects.requireNonNull(add)))));
    b.addExport(new Export("add", ExternKind.FUNC, 1));
    b.addExport(new Export("mem", ExternKind.MEMORY, 1));
    b.addExport(new Export("", ExternKind.GLOBAL, 0));
    b.addExport(new Export("tab\u00e9", ExternKind.TABLE, 1));
    b.startFunction(START);
    ConstExpr zero = ConstExpr.of(new ConstExpr.I32Const(0));
    b.addElement(
        new ElementSegment(
            RefType.FUNCREF,
            new SegmentMode.Active(0, zero),
            new ElementSegment.Functions(new int[] {0, 3, FUNCTIONS})));
    b.addElement(
        new ElementSegment(
            RefType.FUNCREF,
            SegmentMode.DECLARATIVE,
            new ElementSegment.Expressions(List.of(ConstExpr.of(new ConstExpr.RefFunc(2))))));
    b.addElement(
        new ElementSegment(
            RefType.EXTERNREF, SegmentMode.PASSIVE, new ElementSegment.Expressions(List.of())));
    b.dataCount(3);
    b.addData(new DataSegment(SegmentMode.PASSIVE, 0, 5));
    b.addData(new DataSegment(new SegmentMode.Active(1, zero), 10, 5));
    b.addData(
        new DataSegment(new SegmentMode.Active(0, ConstExpr.of(new ConstExpr.GlobalGet(0))), 5, 5));
    b.addCustomSection(new CustomSection("name", 15, bytes.length - 15, 0));
    return b.build();
  }

  static CompiledModule compiled(EngineMetadata metadata) {
    int[] starts = new int[FUNCTIONS];
    int[] sizes = new int[FUNCTIONS];
    int[] frames = new int[FUNCTIONS];
    int[] prologues = new int[FUNCTIONS];
    int[] trapOffsets = new int[FUNCTIONS * 2];
    byte[] kinds = new byte[FUNCTIONS * 2];
    int[] places = new int[FUNCTIONS];
    int[] wasmOffsets = new int[FUNCTIONS];
    byte[] text = new byte[2 * PAGE];
    Arrays.fill(text, (byte) 0xCC);
    for (int f = 0; f < FUNCTIONS; f++) {
      starts[f] = f * 32;
      sizes[f] = 11 + f % 20;
      frames[f] = 8 * (f % 9);
      prologues[f] = starts[f] + 4;
      trapOffsets[2 * f] = starts[f] + 5;
      trapOffsets[2 * f + 1] = starts[f] + 7 + f % 3;
      kinds[2 * f] = (byte) (f % TrapKind.count());
      kinds[2 * f + 1] = (byte) TrapKind.UNREACHABLE.ordinal();
      places[f] = starts[f];
      wasmOffsets[f] = f % 5 == 0 ? AddressMap.NONE : 1000 - f;
      // sub rsp, 8; nop; ud2; ...; ret
      byte[] code = {0x48, (byte) 0x83, (byte) 0xEC, 8, (byte) 0x90, 0x0F, 0x0B};
      System.arraycopy(code, 0, text, starts[f], code.length);
      text[starts[f] + sizes[f] - 1] = (byte) 0xC3;
    }
    byte[] image = new byte[PAGE];
    System.arraycopy(moduleBytes(), 10, image, 0, 5);
    BitSet inImage = new BitSet();
    inImage.set(1);
    return new CompiledModule(
        metadata,
        module(),
        MemorySegment.ofArray(text),
        FunctionTable.of(starts, sizes, frames, prologues, new int[starts.length]),
        TrapTable.of(trapOffsets, kinds),
        AddressMap.of(places, wasmOffsets, inlined()),
        StackMaps.of(new int[0], List.of()),
        exceptions(starts),
        List.of(new MemoryImage(1, 0, MemorySegment.ofArray(image))),
        inImage);
  }

  /** One site in each of two functions; the handlers catch everything. */
  private static ExceptionTable exceptions(int[] starts) {
    int any = ExceptionTable.encode(ExceptionTable.ANY, false);
    int reference = ExceptionTable.encode(ExceptionTable.ANY, true);
    return ExceptionTable.of(
        new int[] {starts[0] + 7, starts[2] + 6},
        new int[] {2, 3},
        new int[] {any, reference, any},
        new int[] {starts[0] + 4, starts[0] + 5, starts[2] + 7});
  }

  /** Call 1 inside of call 0 in the first function, call 2 in the fourth. */
  private static InlineMap inlined() {
    return InlineMap.of(
        new int[] {2, 5, 9, 96, 128},
        new int[] {0, 1, InlineMap.NONE, 2, InlineMap.NONE},
        new int[] {InlineMap.NONE, 0, InlineMap.NONE},
        new int[] {500, 600, 700},
        new int[] {3, 4, 3});
  }

  static byte[] artifact() {
    return ArtifactWriter.write(compiled(HOST));
  }
}
