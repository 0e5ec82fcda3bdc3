package dev.faultline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What this command was built from.
record Build(String version, String revision, String onnxruntime, String duckdb) {
  private static final String UNKNOWN = "unknown";
  static final Build CURRENT = read();

  String line() {
    return "faultline " + version + (revision.equals(UNKNOWN) ? "" : " (" + revision + ")") + "  java " + Runtime.version().toString().split("[+-]", 2)[0] + "  onnxruntime " + onnxruntime + "  duckdb " + duckdb;
  }

  private static Build read() {
    var properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        properties.getProperty("version", UNKNOWN),
        properties.getProperty("revision", UNKNOWN),
        properties.getProperty("onnxruntime", UNKNOWN),
        properties.getProperty("duckdb", UNKNOWN));
  }
}
