package dev.faultline.cli;

import dev.faultline.server.Faultline;
import dev.faultline.server.StartException;
import dev.faultline.server.StartReport;
import dev.faultline.server.config.ReadConfig;
import dev.faultline.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline serve`: serves model repositories until it is told to stop.
@Command(
    name = "serve",
    header = {"  faultline serve ./models", "  faultline serve ./models --port 0 --admin-port 0 --ports-file ports.json", ""},
    customSynopsis = "faultline serve DIR... [OPTIONS]",
    description = "serve models over HTTP, with faults kept and grouped")
final class ServeCommand implements Subcommand {
  private static final int NONE = -1;

  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ConfigOptions config;

  @Parameters(paramLabel = "DIR", arity = "0..*", description = "Model repositories, model folders, or .onnx files.")
  private List<Path> places = new ArrayList<>();

  ServeCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.config = new ConfigOptions(surroundings);
  }

  @Option(names = "--ports-file", paramLabel = "FILE", order = 16, description = "Write the ports there as JSON once the server is ready.")
  void portsFile(String value) {
    config.set("server.ports_file", value);
  }

  @Option(names = "--metrics-compat", paramLabel = "SERVER", order = 17, description = "Show another server's metrics besides: triton. Default: off.")
  void metricsCompat(String value) {
    config.set("metrics.compat", value);
  }

  @Option(names = "--debug-port", paramLabel = "N", order = 18, description = "Let debuggers in at 127.0.0.1:N (JDWP), and nowhere else.")
  private int debugPort = NONE;

  @Override
  public ExitCode run() throws CommandException {
    requireDebugPort();
    if (!places.isEmpty()) {
      config.set("models.dirs", String.join("\n", places.stream().map(Path::toString).toList()));
    }
    ReadConfig read = config.read();
    read.notes().forEach(note -> terminal.say("note: " + note));
    return serve(read.config());
  }

  /// The JVM opens the door before any of our code runs, so that the launcher has to ask for it.
  private void requireDebugPort() throws CommandException {
    if (debugPort == NONE) {
      return;
    }
    if (!Faultline.debugAddress().equals(Optional.of("127.0.0.1:" + debugPort))) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("no debugger can get in at 127.0.0.1:" + debugPort
          + ": Java was not started by the launcher, or the port is none (expected: ./faultline serve --debug-port N with N from 1 to 65535)").at("--debug-port " + debugPort));
    }
  }

  private ExitCode serve(ServerConfig serverConfig) throws CommandException {
    try (Faultline server = Faultline.start(serverConfig)) {
      server.stopOnSignals();
      StartReport report = server.awaitReady();
      if (output.isJson()) {
        output.print(StartBlock.document(report));
      } else {
        new StartBlock(terminal, serverConfig, report).print();
      }
      server.awaitStopped();
      return ExitCode.GOOD;
    } catch (StartException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("the server cannot start: " + e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
    }
  }
}
