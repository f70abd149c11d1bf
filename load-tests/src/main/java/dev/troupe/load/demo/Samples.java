package dev.troupe.load.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Payloads of the demo's functions together with the answers that Java's own implementations give.
 *
 * @param payload what is sent
 * @param expected what must come back
 */
record Samples(ByteString payload, ByteString expected) {
  private static final int COUNT = 8;

  /** Payloads for {@code sha256.wat}; the reference is {@link MessageDigest}. */
  static List<Samples> sha256() {
    List<Samples> samples = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      byte[] payload = new byte[(64 << 10) + 17 * i];
      new SplittableRandom(i).nextBytes(payload);
      try {
        samples.add(sample(payload, MessageDigest.getInstance("SHA-256").digest(payload)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
    return samples;
  }

  /** Payloads for {@code redact.wat}; the reference is Jackson. */
  static List<Samples> redact() {
    ObjectMapper mapper = new ObjectMapper();
    List<Samples> samples = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      ObjectNode document = document(mapper, new SplittableRandom(100 + i));
      try {
        byte[] payload = mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
        redact(document);
        samples.add(sample(payload, mapper.writeValueAsBytes(document)));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a tree of Jackson's own nodes can be written", e);
      }
    }
    return samples;
  }

  private static ObjectNode document(ObjectMapper mapper, SplittableRandom random) {
    ObjectNode root = mapper.createObjectNode();
    ArrayNode users = root.putArray("users");
    for (int i = 0; i < 200; i++) {
      ObjectNode user = users.addObject();
      user.put("id", random.nextInt());
      user.put("name", "user \"" + i + "\" \\ " + Integer.toString(random.nextInt(), 36));
      user.put("password", Long.toString(random.nextLong(), 36));
      user.put("active", random.nextBoolean());
      user.putNull("note");
      user.putArray("roles").add("password").add("reader").add(i);
      user.putObject("backup").put("password", "x\"y\\").put("days", 30);
    }
    return root;
  }

  private static void redact(JsonNode node) {
    if (node instanceof ObjectNode object) {
      if (object.path("password").isTextual()) {
        object.put("password", "***");
      }
    }
    node.forEach(Samples::redact);
  }

  /** Payloads for {@code mandelbrot.wat}; the reference is the same arithmetic in Java. */
  static List<Samples> mandelbrot() {
    List<Samples> samples = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      double left = -2.0 + 0.2 * i;
      double top = -1.2 + 0.1 * i;
      double step = 0.02;
      int size = 48;
      int limit = 400;
      byte[] payload =
          ByteBuffer.allocate(36)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putDouble(left)
              .putDouble(top)
              .putDouble(step)
              .putInt(size)
              .putInt(size)
              .putInt(limit)
              .array();
      ByteBuffer expected = ByteBuffer.allocate(2 * size * size).order(ByteOrder.LITTLE_ENDIAN);
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
          expected.putShort((short) iterations(left + step * x, top + step * y, limit));
        }
      }
      samples.add(sample(payload, expected.array()));
    }
    return samples;
  }

  private static int iterations(double re, double im, int limit) {
    double a = 0;
    double b = 0;
    int n = 0;
    while (n < limit) {
      double aa = a * a;
      double bb = b * b;
      if (aa + bb > 4) {
        break;
      }
      b = 2 * a * b + im;
      a = aa - bb + re;
      n++;
    }
    return n;
  }

  private static Samples sample(byte[] payload, byte[] expected) {
    return new Samples(ByteString.copyFrom(payload), ByteString.copyFrom(expected));
  }

  @Override
  public String toString() {
    return "sample of "
        + payload.size()
        + " bytes, answer "
        + expected
            .substring(0, Math.min(16, expected.size()))
            .toString(StandardCharsets.ISO_8859_1);
  }
}
