package dev.troupe.engine.wast;

import dev.troupe.engine.text.WastValue;

/** A result that an engine gave to a script. */
public sealed interface ScriptValue {
  /** A number, as its bits. */
  record Number(WastValue value) implements ScriptValue {}

  /** A null reference of any type. */
  record Null() implements ScriptValue {}

  /** A reference to some function. */
  record Function() implements ScriptValue {}

  /** A reference to some exception. */
  record Exception() implements ScriptValue {}

  /** A reference to the host's object with this number. */
  record Extern(int number) implements ScriptValue {}
}
