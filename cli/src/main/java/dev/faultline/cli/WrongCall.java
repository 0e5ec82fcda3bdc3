package dev.faultline.cli;

import dev.faultline.fault.NearestName;
import java.util.Collection;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is said of a command line that does not fit: which word, and which one was probably meant.
record WrongCall(Terminal terminal) implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    complaint(e, command).help("all options: " + command.getCommandSpec().qualifiedName() + " --help").print(terminal);
    return ExitCode.USAGE.status();
  }

  private static Complaint complaint(ParameterException e, CommandLine command) {
    return switch (e) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched.getUnmatched().getFirst(), command);
      case MissingParameterException missing -> Complaint.of(String.valueOf(missing.getMessage())).at(command.getCommandSpec().qualifiedName());
      default -> Complaint.of(String.valueOf(e.getMessage())).at(command.getCommandSpec().qualifiedName());
    };
  }

  private static Complaint unmatched(String word, CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    if (word.startsWith("-")) {
      String option = word.split("=", 2)[0];
      return near(Complaint.of(name + " has no option " + option).at(word), option, command.getCommandSpec().optionsMap().keySet());
    }
    if (command.getParent() == null) {
      return near(Complaint.of("there is no command '" + word + "'").at(name + " " + word), word, command.getSubcommands().keySet());
    }
    return near(Complaint.of(name + " does not take '" + word + "'").at(name + " " + word), word, command.getSubcommands().keySet());
  }

  private static Complaint near(Complaint complaint, String given, Collection<String> known) {
    Optional<String> meant = NearestName.of(given, known);
    return meant.map(name -> complaint.help("did you mean " + name + "?")).orElse(complaint);
  }
}
