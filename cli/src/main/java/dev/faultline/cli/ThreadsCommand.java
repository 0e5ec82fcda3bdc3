package dev.faultline.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `faultline threads`: a thread dump of the running server that says which request each thread works for.
@Command(
    name = "threads",
    header = {"  faultline threads --busy", "  faultline threads > threads.txt", ""},
    customSynopsis = "faultline threads [OPTIONS]",
    description = "what every thread does now, and for which request")
final class ThreadsCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Option(names = "--busy", order = 1, description = "Only threads at work for a request: its own, and the lane that runs its model.")
  private boolean busy;

  ThreadsCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    try (AdminClient client = server.openRunning()) {
      if (output.isJson()) {
        output.print(client.fetch("threads", Map.of("busy", String.valueOf(busy))));
      } else {
        terminal.print(client.fetchText("threads?format=text&busy=" + busy).stripTrailing());
      }
      return ExitCode.GOOD;
    }
  }
}
