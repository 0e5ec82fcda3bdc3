package dev.faultline.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a command said, and its exit status.
record Told(int status, String out, String err) {

  static Told by(String... arguments) {
    return by(new Surroundings(Map.of(), Path.of("target").toAbsolutePath()), arguments);
  }

  static Told by(Surroundings surroundings, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Terminal terminal = Terminal.ofPipes(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    int status = FaultlineCommand.run(List.of(arguments), terminal, surroundings);
    return new Told(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
