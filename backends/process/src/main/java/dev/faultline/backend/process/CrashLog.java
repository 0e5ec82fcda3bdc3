package dev.faultline.backend.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What HotSpot's fatal error log says at its head: the signal, the frame it blames, the thread, the lines that say so.
///
/// ONNX Runtime's library is stripped, so the frame is library and offset; the offset is the same for every crash at one place.
record CrashLog(String signal, String frame, String thread, List<String> head) {
  static final CrashLog NONE = new CrashLog("", "", "", List.of());

  private static final int BYTES_MAX = 64 << 10;
  private static final int HEAD_LINES_MAX = 12;
  private static final Pattern SIGNAL = Pattern.compile("^#\\s+(SIG[A-Z]+) \\(");
  private static final Pattern FRAME = Pattern.compile("^# [A-Za-z]\\s+(\\S.*)$");
  private static final Pattern THREAD = Pattern.compile("^Current thread \\([^)]*\\):\\s+(.*?)(?:\\s+\\[.*)?$");

  CrashLog {
    head = List.copyOf(head);
  }

  /// [#NONE] when there is no such file: `abort` leaves none.
  static CrashLog read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return NONE;
    }
    try (var in = Files.newInputStream(file)) {
      return parse(new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8).lines().toList());
    }
  }

  static CrashLog parse(List<String> lines) {
    int blamed = lines.indexOf("# Problematic frame:");
    List<String> blame = blamed < 0 ? List.of() : lines.subList(blamed + 1, Math.min(lines.size(), blamed + 2));
    List<String> head = lines.stream().filter(CrashLog::says).limit(HEAD_LINES_MAX).toList();
    return new CrashLog(first(SIGNAL, lines), inBrackets(first(FRAME, blame)), first(THREAD, lines), head);
  }

  private static boolean says(String line) {
    return line.startsWith("#") && line.length() > 2;
  }

  private static String first(Pattern pattern, List<String> lines) {
    Optional<Matcher> found = lines.stream().map(pattern::matcher).filter(Matcher::find).findFirst();
    return found.map(matcher -> matcher.group(1)).orElse("");
  }

  /// `[libonnxruntime.so+0xb0f5a0]  SomeSymbol+0x10` without the brackets.
  private static String inBrackets(String frame) {
    return frame.replaceFirst("^\\[([^]]*)]", "$1").strip();
  }
}
