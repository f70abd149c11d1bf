package dev.troupe.engine.decode;

import dev.troupe.engine.wasm.BodyScanner;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmReader;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the sections of a module (section 5.5). Instructions inside function bodies are not
 * looked at; everything else is checked to be well formed.
 */
public final class ModuleDecoder {
  private static final int MAGIC = 0x6D73_6100;
  private static final int VERSION = 1;

  private final WasmReader in;
  private final WasmLimits limits;
  private final WasmModule.Builder module;
  private final SectionDecoder sections;
  private @Nullable Section last;

  private ModuleDecoder(byte[] bytes, WasmFeatures features, WasmLimits limits) {
    this.in = new WasmReader(bytes, 0, bytes.length);
    this.limits = limits;
    this.module = WasmModule.builder(bytes);
    this.sections = new SectionDecoder(in, module, features, limits);
  }

  /**
   * Decodes a module. The array is kept, not copied: the caller must not modify it afterwards.
   *
   * @throws MalformedException when the bytes are not a module; function bodies are not covered
   * @throws LimitExceededException when the module is too large in some respect
   * @throws dev.troupe.engine.wasm.FeatureDisabledException when it needs a feature that is off
   */
  public static WasmModule decode(byte[] bytes, WasmFeatures features, WasmLimits limits) {
    if (bytes.length > limits.maxModuleBytes()) {
      throw new LimitExceededException(
          "module too large", bytes.length, limits.maxModuleBytes(), 0);
    }
    ModuleDecoder decoder = new ModuleDecoder(bytes, features, limits);
    try {
      return decoder.decode();
    } catch (MalformedException e) {
      // The bodies were only delimited. One that is malformed stands before the error found.
      new BodyScanner(bytes, true).scan(decoder.module.bodies());
      throw e;
    }
  }

  /** Whether the bytes start like a binary module, as opposed to text. */
  public static boolean hasMagic(byte[] bytes) {
    return bytes.length >= 4 && new WasmReader(bytes, 0, 4).fixed32() == MAGIC;
  }

  private WasmModule decode() {
    if (in.fixed32() != MAGIC) {
      throw new MalformedException("magic header not detected", 0);
    }
    if (in.fixed32() != VERSION) {
      throw new MalformedException("unknown binary version", 4);
    }
    while (!in.atEnd()) {
      section();
    }
    if (module.bodies().size() != module.definedFunctionCount()) {
      throw new MalformedException(
          "function and code section have inconsistent lengths", in.position());
    }
    if (module.dataCount() != WasmModule.NO_DATA_COUNT
        && module.dataCount() != module.dataSegmentCount()) {
      throw new MalformedException(
          "data count and data section have inconsistent lengths", in.position());
    }
    return module.build();
  }

  private void section() {
    int start = in.position();
    int id = in.u8();
    Section section = Section.ofId(id);
    if (section == null) {
      throw new MalformedException("malformed section id " + id, start);
    }
    if (section != Section.CUSTOM) {
      if (last != null && section.compareTo(last) <= 0) {
        throw new MalformedException("unexpected content after last section", start);
      }
      last = section;
    }
    int size = in.length();
    int contents = in.position();
    switch (section) {
      case CUSTOM -> custom(contents, size);
      case TYPE -> sections.types();
      case IMPORT -> sections.imports();
      case FUNCTION -> sections.functions();
      case TABLE -> sections.tables();
      case MEMORY -> sections.memories();
      case TAG -> sections.tags(start);
      case GLOBAL -> sections.globals();
      case EXPORT -> sections.exports();
      case START -> {
        module.at(in.position());
        module.startFunction(in.u32());
      }
      case ELEMENT -> sections.elements();
      case DATA_COUNT -> sections.dataCount();
      case CODE -> sections.code();
      case DATA -> sections.data();
    }
    if (in.position() != contents + size) {
      throw new MalformedException("section size mismatch", contents);
    }
  }

  private void custom(int contents, int size) {
    String name = in.name(limits.maxStringBytes());
    int length = contents + size - in.position();
    if (length < 0) {
      throw new MalformedException("unexpected end of section or function", contents + size);
    }
    module.addCustomSection(
        new CustomSection(name, in.position(), length, last == null ? 0 : last.id()));
    in.skip(length);
  }
}
