package dev.faultline.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Model.UsageMessageSpec;

/// `faultline` itself: the tree of commands, and what happens to their complaints.
@Command(
    name = "faultline",
    header = {"  faultline demo                  see failures isolated on real data, in 20 s", "  faultline serve ./models        serve a folder of ONNX models", ""},
    synopsisHeading = "Usage: ",
    customSynopsis = "faultline COMMAND [OPTIONS]",
    description = {"", "Serves ONNX models and says of every failed or suspicious prediction which", "stage, model version, input field and graph node is to blame."},
    footer = {
      "",
      "Every command has --help. Results go to stdout, everything else to stderr.",
      "Exit: 0 good, 1 bad, 2 called wrongly, 3 no server, 4 not allowed,",
      "5 no such thing, 6 inconclusive, 7 our bug.",
      "More: README.md, docs/, and 'faultline help CODE' for every fault code."
    })
final class FaultlineCommand implements Subcommand {
  private static final int HELP_WIDTH = 80;
  private static final Map<String, List<String>> GROUPS = groups();

  @Mixin private Output output;

  @Option(names = {"-V", "--version"}, description = "Print which build this is.")
  private boolean version;

  private FaultlineCommand(Terminal terminal) {
    this.output = new Output(terminal);
  }

  /// Runs a command line.
  ///
  /// @return the exit status
  static int run(List<String> arguments, Terminal terminal, Surroundings surroundings) {
    return tree(terminal, surroundings).execute(arguments.toArray(String[]::new));
  }

  static CommandLine tree(Terminal terminal, Surroundings surroundings) {
    var tree = new CommandLine(new FaultlineCommand(terminal));
    tree.addSubcommand(new ServeCommand(terminal, surroundings));
    tree.addSubcommand(new DemoCommand(terminal, surroundings));
    tree.addSubcommand(new DoctorCommand(terminal, surroundings));
    tree.addSubcommand(new FaultsCommand(terminal, surroundings));
    tree.addSubcommand(new ExplainCommand(terminal, surroundings));
    tree.addSubcommand(new ResolveCommand(terminal, surroundings));
    tree.addSubcommand(new CompareCommand(terminal, surroundings));
    tree.addSubcommand(new ReplayCommand(terminal, surroundings));
    tree.addSubcommand(new ReduceCommand(terminal, surroundings));
    tree.addSubcommand(new BisectCommand(terminal, surroundings));
    tree.addSubcommand(new ProbeCommand(terminal, surroundings));
    tree.addSubcommand(new ContractCommand(terminal, surroundings));
    tree.addSubcommand(new ProfileCommand(terminal, surroundings));
    tree.addSubcommand(new ThreadsCommand(terminal, surroundings));
    tree.addSubcommand(new CapturesCommand(terminal, surroundings));
    tree.addSubcommand(new ModelsCommand(terminal, surroundings));
    tree.addSubcommand(new RolloutCommand(terminal, surroundings));
    tree.addSubcommand(new QuarantineCommand(terminal, surroundings));
    tree.addSubcommand(new ConfigCommand(terminal).with(new ConfigShowCommand(terminal, surroundings)));
    tree.addSubcommand(new HelpCommand(terminal));
    tree.addSubcommand(new VersionCommand(terminal));
    tree.setCaseInsensitiveEnumValuesAllowed(true);
    tree.setUsageHelpWidth(HELP_WIDTH);
    tree.setUsageHelpAutoWidth(false);
    tree.setOut(terminal.outWriter());
    tree.setErr(terminal.errWriter());
    tree.setParameterExceptionHandler(new WrongCall(terminal));
    tree.setExecutionExceptionHandler(new Failure(terminal));
    wordHelp(tree);
    tree.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, FaultlineCommand::commandList);
    return tree;
  }

  /// Options in the order of their importance, with room around them.
  private static void wordHelp(CommandLine command) {
    command.getCommandSpec().usageMessage().sortOptions(false).parameterListHeading("%n").optionListHeading("%n").commandListHeading("");
    command.getSubcommands().values().forEach(FaultlineCommand::wordHelp);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (version) {
      output.terminal().print(Build.CURRENT.line());
      return ExitCode.GOOD;
    }
    throw new CommandException(ExitCode.USAGE, Complaint.of("no command").help("faultline --help lists the commands; faultline demo shows what they are for"));
  }

  private static String commandList(CommandLine.Help help) {
    var text = new StringBuilder();
    GROUPS.forEach((group, names) -> {
      text.append("\n").append(group).append("\n");
      for (String name : names) {
        CommandLine command = help.commandSpec().subcommands().get(name);
        if (command != null) {
          text.append("  %-10s %s%n".formatted(name, String.join(" ", command.getCommandSpec().usageMessage().description())));
        }
      }
    });
    return text.toString();
  }

  private static Map<String, List<String>> groups() {
    var groups = new LinkedHashMap<String, List<String>>();
    groups.put("Run it", List.of("serve", "demo", "doctor"));
    groups.put("Find out", List.of("faults", "explain", "resolve", "compare", "replay", "reduce", "bisect", "probe", "contract", "profile", "threads", "captures", "models", "rollout", "quarantine"));
    groups.put("Itself", List.of("config", "help", "version"));
    return groups;
  }
}
