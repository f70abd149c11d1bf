package dev.troupe.engine.wast;

import dev.troupe.engine.text.WastPattern;
import dev.troupe.engine.text.WastValue;
import java.util.List;

/** Whether results are what a script expects. */
final class PatternMatcher {
  private PatternMatcher() {}

  static boolean matches(List<WastPattern> expected, List<ScriptValue> actual) {
    if (expected.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!matches(expected.get(i), actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(WastPattern pattern, ScriptValue actual) {
    return switch (pattern) {
      case WastPattern.Exactly exactly -> equal(exactly.value(), actual);
      case WastPattern.CanonicalNan nan ->
          hasWidth(actual, nan.widthBits())
              && WastPattern.isCanonicalNan(bits(actual), nan.widthBits());
      case WastPattern.ArithmeticNan nan ->
          hasWidth(actual, nan.widthBits())
              && WastPattern.isArithmeticNan(bits(actual), nan.widthBits());
      case WastPattern.Lanes lanes -> lanesMatch(lanes, actual);
      case WastPattern.AnyReference any ->
          switch (any.kind()) {
            case "func" -> actual instanceof ScriptValue.Function;
            case "exn" -> actual instanceof ScriptValue.Exception;
            case "extern" -> actual instanceof ScriptValue.Extern;
            case "any" -> actual instanceof ScriptValue.Object;
            case "eq" ->
                actual instanceof ScriptValue.Object object && !object.kind().equals("any");
            default ->
                actual instanceof ScriptValue.Object object && object.kind().equals(any.kind());
          };
      case WastPattern.Either either ->
          either.choices().stream().anyMatch(choice -> matches(choice, actual));
    };
  }

  private static boolean equal(WastValue expected, ScriptValue actual) {
    return switch (actual) {
      case ScriptValue.Number number -> number.value().equals(expected);
      case ScriptValue.Null _ -> expected instanceof WastValue.RefNull;
      case ScriptValue.Function _, ScriptValue.Exception _ -> false;
      case ScriptValue.Object object ->
          expected instanceof WastValue.RefHost(int number) && number == object.number();
      case ScriptValue.Extern extern ->
          expected instanceof WastValue.RefExtern(int number) && number == extern.number();
    };
  }

  private static boolean hasWidth(ScriptValue actual, int widthBits) {
    return actual instanceof ScriptValue.Number(WastValue value)
        && (widthBits == 32 ? value instanceof WastValue.F32 : value instanceof WastValue.F64);
  }

  private static long bits(ScriptValue actual) {
    return switch (actual) {
      case ScriptValue.Number(WastValue.F32 value) -> value.bits();
      case ScriptValue.Number(WastValue.F64 value) -> value.bits();
      case ScriptValue.Number _,
          ScriptValue.Null _,
          ScriptValue.Function _,
          ScriptValue.Exception _,
          ScriptValue.Object _,
          ScriptValue.Extern _ ->
          throw new IllegalArgumentException("not a floating-point number: " + actual);
    };
  }

  private static boolean lanesMatch(WastPattern.Lanes expected, ScriptValue actual) {
    if (!(actual instanceof ScriptValue.Number(WastValue.V128 vector))) {
      return false;
    }
    for (int i = 0; i < expected.lanes().size(); i++) {
      if (!matches(expected.lanes().get(i), lane(vector, expected.laneBits(), i))) {
        return false;
      }
    }
    return true;
  }

  private static ScriptValue lane(WastValue.V128 vector, int laneBits, int index) {
    if (laneBits == 64) {
      return new ScriptValue.Number(new WastValue.F64(index == 0 ? vector.low() : vector.high()));
    }
    long half = index < 2 ? vector.low() : vector.high();
    return new ScriptValue.Number(new WastValue.F32((int) (half >>> (32 * (index & 1)))));
  }
}
