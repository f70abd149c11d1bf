package dev.troupe.engine.text;

import dev.troupe.engine.wasm.NameSection;
import dev.troupe.engine.wasm.NameSection.Subject;
import dev.troupe.engine.wasm.WasmModule;

/** Identifiers of everything in a module that a printed instruction may refer to. */
record PrinterNames(
    IdentifierTable types,
    IdentifierTable functions,
    IdentifierTable tables,
    IdentifierTable memories,
    IdentifierTable globals,
    IdentifierTable elements,
    IdentifierTable data,
    IdentifierTable tags) {

  static PrinterNames of(WasmModule module) {
    NameSection names = module.names();
    return new PrinterNames(
        IdentifierTable.of(names, Subject.TYPE, 0, module.types().size()),
        IdentifierTable.of(names, Subject.FUNCTION, 0, module.functionCount()),
        IdentifierTable.of(names, Subject.TABLE, 0, module.tables().size()),
        IdentifierTable.of(names, Subject.MEMORY, 0, module.memories().size()),
        IdentifierTable.of(names, Subject.GLOBAL, 0, module.globals().size()),
        IdentifierTable.of(names, Subject.ELEMENT, 0, module.elements().size()),
        IdentifierTable.of(names, Subject.DATA, 0, module.data().size()),
        IdentifierTable.of(names, Subject.TAG, 0, module.tags().size()));
  }
}
