package dev.faultline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Where a command speaks: results go to `out`, everything else to `err`.
///
/// Whether a stream is a terminal is told by the launcher, because Java says it of both streams at once. A stream that is not UTF-8
/// gets ASCII in the place of our few signs.
final class Terminal {
  private static final int WIDTH_OF_PIPES = 100;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private final int width;
  private ColorWish wish = ColorWish.AUTO;

  Terminal(PrintStream out, PrintStream err, Map<String, String> environment, boolean outIsTerminal, boolean errIsTerminal, int width) {
    this.out = out;
    this.err = err;
    this.environment = Map.copyOf(environment);
    this.outIsTerminal = outIsTerminal;
    this.errIsTerminal = errIsTerminal;
    this.width = width;
  }

  static Terminal ofProcess(Map<String, String> environment) {
    return new Terminal(
        System.out,
        System.err,
        environment,
        Boolean.getBoolean("faultline.stdout.terminal"),
        Boolean.getBoolean("faultline.stderr.terminal"),
        Integer.getInteger("faultline.columns", WIDTH_OF_PIPES));
  }

  /// Streams that are no terminals, as under a pipe.
  static Terminal ofPipes(PrintStream out, PrintStream err) {
    return new Terminal(out, err, Map.of(), false, false, WIDTH_OF_PIPES);
  }

  void wishColor(ColorWish wish) {
    this.wish = wish;
  }

  /// A line of the result.
  void print(String line) {
    out.println(readable(line, out));
  }

  /// A line about the work.
  void say(String line) {
    err.println(readable(line, err));
  }

  /// One document on one line, as `--json` wants it.
  void print(JsonNode document) {
    out.println(isUnicode(out) ? document.toString() : Ascii.json(document.toString()));
  }

  /// Overwrites the line the cursor is in; call only when [#isLive].
  void redraw(String line) {
    err.print("\r\033[K" + readable(line.length() > width ? line.substring(0, width) : line, err));
    err.flush();
  }

  /// Whether a line on `err` can be redrawn: a person looks at it.
  boolean isLive() {
    return errIsTerminal && !isUnattended();
  }

  /// Whether a machine that builds and tests reads along, who wants no progress.
  boolean isUnattended() {
    return !environment.getOrDefault("CI", "").isEmpty();
  }

  boolean isForPerson() {
    return outIsTerminal;
  }

  String out(Style style, String text) {
    return wish.isMet(environment, outIsTerminal) ? style.on(text) : text;
  }

  String err(Style style, String text) {
    return wish.isMet(environment, errIsTerminal) ? style.on(text) : text;
  }

  int width() {
    return width;
  }

  PrintWriter outWriter() {
    return writer(out);
  }

  PrintWriter errWriter() {
    return writer(err);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  private static boolean isUnicode(PrintStream stream) {
    return stream.charset().equals(StandardCharsets.UTF_8);
  }

  private static String readable(String line, PrintStream stream) {
    return isUnicode(stream) ? line : Ascii.text(line);
  }
}
