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

  /**
   * A reference to something that a guest has made, or to an object of the host seen as such.
   *
   * @param kind {@code i31}, {@code struct}, {@code array} or {@code any}
   * @param number that of the host's object, or -1
   */
  record Object(String kind, int number) implements ScriptValue {}

  /** A reference to the host's object with this number. */
  record Extern(int number) implements ScriptValue {}
}
