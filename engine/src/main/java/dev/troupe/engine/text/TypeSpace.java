package dev.troupe.engine.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of a module: those that are written, then those that inline function types add (section
 * 6.6.3). Owns the contents of the type section.
 */
final class TypeSpace {
  /**
   * A function type in its encoded form, which is canonical once all indices are resolved.
   *
   * @param encoded vector of parameters, then vector of results, a byte per character
   * @param parameterCount how many parameters
   */
  record Signature(String encoded, int parameterCount) {
    /** Neither parameters nor results. */
    static final Signature EMPTY = new Signature("\0\0", 0);

    boolean isEmpty() {
      return equals(EMPTY);
    }
  }

  private final IndexSpace ids = new IndexSpace("type");
  private final List<@Nullable Signature> signatures = new ArrayList<>();
  private final Map<Integer, IndexSpace> fields = new HashMap<>();
  private final Map<Signature, Integer> plain = new HashMap<>();
  private final ByteSink section = new ByteSink();
  private int groupCount;

  IndexSpace ids() {
    return ids;
  }

  /** Names of the fields of a structure type, by type index. */
  Map<Integer, IndexSpace> fields() {
    return fields;
  }

  /**
   * Where the encoded recursion groups go, one after the other; each ends with {@link #endGroup}.
   */
  ByteSink section() {
    return section;
  }

  void endGroup() {
    groupCount++;
  }

  int groupCount() {
    return groupCount;
  }

  /** Records what the next defined type is; null when it is no function type. */
  void defined(@Nullable Signature signature) {
    signatures.add(signature);
  }

  /** Marks the type defined last as one that an inline function type may mean. */
  void reusable(Signature signature) {
    plain.putIfAbsent(signature, signatures.size() - 1);
  }

  /** The function type at an index, or null when there is none. */
  @Nullable Signature signature(int index) {
    return index >= 0 && index < signatures.size() ? signatures.get(index) : null;
  }

  /** The index of a function type written inline: the first equal type, else a new one. */
  int inline(Signature signature) {
    Integer known = plain.get(signature);
    if (known != null) {
      return known;
    }
    section.add(0x60);
    for (int i = 0; i < signature.encoded().length(); i++) {
      section.add(signature.encoded().charAt(i));
    }
    groupCount++;
    ids.defineAnonymous();
    signatures.add(signature);
    plain.put(signature, signatures.size() - 1);
    return signatures.size() - 1;
  }
}
