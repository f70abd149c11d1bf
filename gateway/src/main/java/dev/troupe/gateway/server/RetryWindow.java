package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one tenant that are on their way or were answered lately, the oldest answer
 * first. Not a cache that judges by use: a retry comes once, soon, and must find the newest
 * answers. Not thread-safe: {@link Retries} guards it.
 */
final class RetryWindow {
  /** What an entry costs besides its answer, roughly: ids, digest, map. */
  static final int ENTRY_BYTES = 256;

  /**
   * Who asks.
   *
   * @param method name of the method
   * @param requestId the client's id
   */
  record Key(String method, String requestId) {}

  /**
   * An answer.
   *
   * @param fingerprint digest of the request
   * @param answer what was said
   * @param bornNanos when
   */
  record Remembered(ByteString fingerprint, MessageLite answer, long bornNanos) {
    long bytes() {
      return ENTRY_BYTES + (long) answer.getSerializedSize();
    }
  }

  /** Requests that have no answer yet. */
  final Map<Key, Shared<?>> running = new LinkedHashMap<>();

  private final Map<Key, Remembered> answers = new LinkedHashMap<>();
  private long bytes;

  @Nullable Remembered find(Key key) {
    return answers.get(key);
  }

  /** Keeps an answer. */
  void remember(Key key, Remembered answer) {
    Remembered before = answers.remove(key);
    if (before != null) {
      bytes -= before.bytes();
    }
    answers.put(key, answer);
    bytes += answer.bytes();
  }

  /** Forgets the oldest answers until what is left is within all bounds. */
  void trim(int mostAnswers, long mostBytes, long bornBeforeNanos) {
    Iterator<Remembered> oldest = answers.values().iterator();
    while (oldest.hasNext()) {
      Remembered next = oldest.next();
      boolean within =
          answers.size() <= mostAnswers
              && bytes <= mostBytes
              && next.bornNanos() - bornBeforeNanos >= 0;
      if (within) {
        return;
      }
      bytes -= next.bytes();
      oldest.remove();
    }
  }

  int answers() {
    return answers.size();
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return answers.isEmpty() && running.isEmpty();
  }
}
