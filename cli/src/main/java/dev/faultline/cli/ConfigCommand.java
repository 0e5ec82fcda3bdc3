package dev.faultline.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `faultline config`: holds what can be asked about the configuration.
@Command(
    name = "config",
    header = {"  faultline config show", "  faultline config show --blame --config faultline.yaml", ""},
    customSynopsis = "faultline config show [OPTIONS]",
    description = "show the configuration, and where each value came from")
final class ConfigCommand implements Subcommand {
  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private Output output;

  ConfigCommand(Terminal terminal) {
    this.output = new Output(terminal);
  }

  CommandLine with(ConfigShowCommand show) {
    return new CommandLine(this).addSubcommand(show);
  }

  @Override
  public ExitCode run() throws CommandException {
    throw new CommandException(ExitCode.USAGE, Complaint.of("faultline config of what?").help("faultline config show"));
  }
}
