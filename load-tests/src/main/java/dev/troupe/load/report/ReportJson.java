package dev.troupe.load.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reports as JSON; a report that was written reads back equal. */
public final class ReportJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ReportJson() {}

  /** The report as text. */
  public static String write(Report report) {
    try {
      return MAPPER.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of numbers and text can be written", e);
    }
  }

  /**
   * Reads a report.
   *
   * @throws IOException when the file is not one of this format; the message says why
   */
  public static Report read(Path file) throws IOException {
    try {
      JsonNode tree = MAPPER.readTree(Files.readString(file));
      if (tree == null || !tree.path("format").isInt()) {
        throw new IOException(file + " is no report of troupe load");
      }
      int format = tree.path("format").intValue();
      if (format != Report.FORMAT) {
        throw new IOException(
            file + " has format " + format + ", this program reads " + Report.FORMAT);
      }
      return MAPPER.treeToValue(tree, Report.class);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is no report of troupe load: " + e.getOriginalMessage(), e);
    }
  }
}
