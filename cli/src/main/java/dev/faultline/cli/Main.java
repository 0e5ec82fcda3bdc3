package dev.faultline.cli;

import dev.faultline.server.log.Logging;
import java.nio.file.Path;
import java.util.List;

/// Where the command starts: takes what the process gives and leaves with an exit status.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Logging.silence();
    var surroundings = new Surroundings(System.getenv(), Path.of("").toAbsolutePath());
    Terminal terminal = Terminal.ofProcess(System.getenv());
    System.exit(FaultlineCommand.run(List.of(args), terminal, surroundings));
  }
}
