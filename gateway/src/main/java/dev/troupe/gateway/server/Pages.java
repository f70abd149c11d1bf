package dev.troupe.gateway.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * Pages of a list that is sorted by key. A page token is the last key of the page before, so that
 * what comes and goes meanwhile neither repeats nor hides anything else.
 *
 * @param items what is on this page
 * @param nextToken token of the next page; empty when this is the last
 */
record Pages<T>(List<T> items, String nextToken) {
  private static final int DEFAULT_SIZE = 100;
  private static final int MAX_SIZE = 1000;

  static <T> Pages<T> of(List<T> sorted, Function<T, String> key, int pageSize, String token) {
    if (pageSize < 0) {
      throw Statuses.invalidArgument("page_size", "must not be negative");
    }
    int size = pageSize == 0 ? DEFAULT_SIZE : Math.min(pageSize, MAX_SIZE);
    String after = decode(token);
    List<T> rest = sorted.stream().filter(item -> key.apply(item).compareTo(after) > 0).toList();
    if (rest.size() <= size) {
      return new Pages<>(rest, "");
    }
    List<T> page = List.copyOf(rest.subList(0, size));
    return new Pages<>(page, encode(key.apply(page.getLast())));
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Statuses.invalidArgument("page_token", "is not a token that this server gave out");
    }
  }
}
