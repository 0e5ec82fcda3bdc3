package dev.faultline.cli;

import dev.faultline.server.config.ConfigException;
import dev.faultline.server.config.ConfigReader;
import dev.faultline.server.config.ReadConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// The options of the server that win over environment and file.
final class ConfigOptions {
  private final Surroundings surroundings;
  private final Map<String, String> flags = new LinkedHashMap<>();

  ConfigOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Option(names = "--host", paramLabel = "HOST", order = 10, description = "Address of the data port. Default: 127.0.0.1.")
  void host(String value) {
    flags.put("host", value);
  }

  @Option(names = "--port", paramLabel = "N", order = 11, description = "Data port: inference, health, metrics. Default: 8080; 0 takes a free one.")
  void port(String value) {
    flags.put("port", value);
  }

  @Option(names = "--grpc-port", paramLabel = "N", order = 12, description = "gRPC port. Default: 9000; 0 takes a free one.")
  void grpcPort(String value) {
    flags.put("grpc-port", value);
  }

  @Option(names = "--admin-port", paramLabel = "N", order = 13, description = "Port of the admin API. Default: 8081; 0 takes a free one.")
  void adminPort(String value) {
    flags.put("admin-port", value);
  }

  @Option(names = "--data", paramLabel = "DIR", order = 14, description = "Where captures are kept. Default: .faultline/data.")
  void data(String value) {
    flags.put("data", value);
  }

  @Option(names = "--config", paramLabel = "FILE", order = 15, description = "Configuration. Default: faultline.yaml, if there is one.")
  void config(String value) {
    flags.put("config", value);
  }

  /// Sets a key that has no flag, or a flag for the user.
  void set(String key, String value) {
    flags.put(key, value);
  }

  ReadConfig read() throws CommandException {
    try {
      return new ConfigReader(surroundings.workingDir(), surroundings.environment()).read(flags);
    } catch (ConfigException e) {
      Complaint complaint = Complaint.of("the configuration cannot be used");
      for (String problem : e.problems()) {
        complaint = complaint.note(problem);
      }
      throw new CommandException(ExitCode.USAGE, complaint.help("faultline config show --blame, and docs/configuration.md"), e);
    }
  }
}
