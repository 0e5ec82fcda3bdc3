package dev.faultline.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `faultline version`.
@Command(
    name = "version",
    header = {"  faultline version", "  faultline version --json", ""},
    customSynopsis = "faultline version [OPTIONS]",
    description = "say which build this is, on which Java")
final class VersionCommand implements Subcommand {
  @Mixin private Output output;

  VersionCommand(Terminal terminal) {
    this.output = new Output(terminal);
  }

  @Override
  public ExitCode run() {
    Build build = Build.CURRENT;
    if (output.isJson()) {
      return output.print(JsonNodeFactory.instance.objectNode()
          .put("schema", "faultline/version.v1")
          .put("version", build.version())
          .put("revision", build.revision())
          .put("java", Runtime.version().toString())
          .put("onnxruntime", build.onnxruntime())
          .put("duckdb", build.duckdb()));
    }
    output.terminal().print(build.line());
    return ExitCode.GOOD;
  }
}
