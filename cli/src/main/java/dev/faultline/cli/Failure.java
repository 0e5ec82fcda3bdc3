package dev.faultline.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// What becomes of a command that did not come back: a complaint is printed; anything else is our own bug and goes to a report.
record Failure(Terminal terminal) implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof CommandException complaining) {
      complaining.complaint().print(terminal);
      return complaining.exitCode().status();
    }
    Complaint.of("faultline itself failed: " + e)
        .at(command.getCommandSpec().qualifiedName())
        .note("the whole story is in " + report(e))
        .help("please report it with that file")
        .print(terminal);
    return ExitCode.DEFECT.status();
  }

  private static String report(Exception e) {
    try {
      Path file = Files.createTempFile("faultline-bug-", ".txt");
      try (var out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
        out.println(Build.CURRENT.line());
        e.printStackTrace(out);
      }
      return file.toString();
    } catch (IOException unwritable) {
      e.addSuppressed(unwritable);
      e.printStackTrace();
      return "the lines above";
    }
  }
}
