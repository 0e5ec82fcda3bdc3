package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline contract`: what a `contract.yaml` would refuse of the kept requests, how two differ, which rules good requests teach, and one rule more.
@Command(
    name = "contract",
    header = {"  faultline contract infer credit-risk --out contract.yaml", "  faultline contract add credit-risk 'country_idx in 0..248'", ""},
    customSynopsis = {
      "faultline contract infer MODEL [--out FILE] [OPTIONS]",
      "       faultline contract check MODEL [FILE] [OPTIONS]",
      "       faultline contract diff MODEL A B | MODEL [A] FILE [OPTIONS]",
      "       faultline contract add MODEL RULE | MODEL --from FAULT|GROUP"
    },
    description = "learn rules from good requests, try them, compare them, add one")
final class ContractCommand implements Subcommand {
  private static final List<String> VERBS = List.of("infer", "check", "diff", "add");
  private static final String CAPTURES = "captures";
  private static final long FILE_BYTES_MAX = 16 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Terminal terminal;
  private final Surroundings surroundings;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(index = "0", paramLabel = "VERB", arity = "0..1", description = "infer, check, diff or add.")
  private String verb = "";

  @Parameters(index = "1", paramLabel = "MODEL", arity = "0..1", description = "The model.")
  private String model = "";

  @Parameters(index = "2..*", paramLabel = "FILE|A B|RULE", arity = "0..*", description = "check: a contract.yaml; without it the one in force. diff: versions, or a version and a contract.yaml. add: such as 'age in 0..120', 'age <= 120', 'sex in [f, m]', 'code matches [A-Z]+', 'speed finite'.")
  private List<String> words = List.of();

  @Option(names = "--version", paramLabel = "V", order = 1, description = "Of this version. Default: the one that requests without a version reach.")
  private String version = "";

  @Option(names = "--any-version", order = 2, description = "Take the kept requests of all versions of the model, not of this one only.")
  private boolean anyVersion;

  @Option(names = "--from", paramLabel = "WHAT", order = 3, description = "infer: captures, the default, or a file of good requests, a V2 request or capture a line. add: the fault or group whose verdict says the rule.")
  private String from = "";

  @Option(names = {"-o", "--out"}, paramLabel = "FILE", order = 4, description = "infer, add: write the contract here.")
  private String out = "";

  @Option(names = "--risk", paramLabel = "SHARE", order = 5, description = "infer: a rule may be expected to refuse so many good requests. Default: 0.01.")
  private double risk = 0.01;

  @Option(names = "--limit", paramLabel = "N", order = 6, description = "At most so many good requests, and as many others, the newest. Default: 10000.")
  private int limit = 10_000;

  @Option(names = "--dry-run", order = 7, description = "add: show what would be written, and write nothing.")
  private boolean dryRun;

  @Option(names = "--force", order = 8, description = "add: write it although it would refuse good requests.")
  private boolean force;

  @Option(names = "--load", order = 9, description = "add: put it in force by loading the version again.")
  private boolean load;

  ContractCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.surroundings = surroundings;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    requireWords();
    try (AdminClient client = server.openRunning()) {
      return switch (verb) {
        case "infer" -> infer(client);
        case "check" -> check(client);
        case "diff" -> diff(client);
        default -> add(client);
      };
    }
  }

  private void requireWords() throws CommandException {
    boolean fits = switch (verb) {
      case "infer" -> words.isEmpty();
      case "check" -> words.size() <= 1;
      case "diff" -> words.size() == 2 || words.size() == 1;
      case "add" -> words.isEmpty() != from.isEmpty();
      default -> false;
    };
    if (!fits || model.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("faultline contract does not take '" + (verb + " " + model + " " + String.join(" ", words)).strip() + "'")
          .help(VERBS.contains(verb) ? "faultline contract --help says what " + verb + " takes" : "faultline contract infer|check|diff|add MODEL ..."));
    }
  }

  private ExitCode infer(AdminClient client) throws CommandException {
    ObjectNode asked = asked().put("risk", risk);
    if (!from.isEmpty() && !from.equals(CAPTURES)) {
      asked.set("requests", requests());
    }
    JsonNode look = look(client, asked, "learning");
    String contract = text(look.path("result"), "contract");
    if (!out.isEmpty()) {
      write(out, contract);
    }
    var report = new InferReport(terminal, look.path("result"), out.isEmpty());
    if (output.isJson()) {
      terminal.print(look);
      return report.exit();
    }
    if (out.isEmpty()) {
      contract.lines().forEach(terminal::print);
    }
    report.print();
    return report.exit();
  }

  private ExitCode check(AdminClient client) throws CommandException {
    ObjectNode asked = asked();
    if (!words.isEmpty()) {
      asked.put("contract", content(words.getFirst()));
    }
    JsonNode look = look(client, asked, "checking");
    var report = new CheckReport(terminal::print, look.path("result"));
    if (output.isJson()) {
      terminal.print(look);
    } else {
      terminal.print(model + " v" + text(look.path("of"), "version") + ": " + (words.isEmpty() ? "the contract in force" : words.getFirst()) + " against what is kept of its requests");
      report.print();
    }
    return report.exit();
  }

  private ExitCode diff(AdminClient client) throws CommandException {
    ObjectNode asked = asked();
    String last = words.getLast();
    if (words.size() == 2) {
      asked.put("version", bare(words.getFirst()));
    }
    if (isFile(last)) {
      asked.put("contract", content(last));
    } else if (words.size() == 2) {
      asked.put("other", bare(last));
    } else {
      throw new CommandException(ExitCode.USAGE, Complaint.of("'" + last + "' is no file").at("faultline contract diff " + model + " " + last).help("two versions, or a contract.yaml to compare with the one in force"));
    }
    JsonNode look = look(client, asked, "comparing");
    var report = new ContractDiffReport(terminal, look.path("result"), isFile(last) ? last : "");
    if (output.isJson()) {
      terminal.print(look);
    } else {
      report.print(model);
    }
    return report.exit();
  }

  private ExitCode add(AdminClient client) throws CommandException {
    String rule = from.isEmpty() ? String.join(" ", words) : new VerdictRule(client, from, model).rule();
    JsonNode look = look(client, asked().put("rule", rule), "checking");
    var addition = new RuleAddition(terminal, client, look, model);
    if (output.isJson()) {
      terminal.print(look);
    } else {
      addition.print();
    }
    ExitCode checked = addition.exit(force);
    if (checked != ExitCode.GOOD || dryRun) {
      return checked;
    }
    if (out.isEmpty()) {
      addition.write();
    } else {
      write(out, text(look.path("result"), "text_after"));
    }
    addition.after(load && out.isEmpty());
    return ExitCode.GOOD;
  }

  private JsonNode look(AdminClient client, ObjectNode asked, String deed) throws CommandException {
    JsonNode look = new ReplayWatch(client, terminal, "contracts", deed).ended(client.post("contracts", asked));
    if (!text(look, "state").equals("DONE")) {
      throw new CommandException(ExitCode.INCONCLUSIVE, Complaint.of("this look at the contract " + text(look, "state").toLowerCase(Locale.ROOT) + ": " + text(look, "error")));
    }
    return look;
  }

  private ObjectNode asked() {
    ObjectNode asked = JsonNodeFactory.instance.objectNode().put("do", verb).put("model", model).put("any_version", anyVersion).put("limit", limit);
    return version.isEmpty() ? asked : asked.put("version", bare(version));
  }

  /// People write v8 for version 8.
  private static String bare(String version) {
    return version.matches("v[0-9]+") ? version.substring(1) : version;
  }

  private boolean isFile(String word) {
    return word.endsWith(".yaml") || word.endsWith(".yml") || Files.isRegularFile(surroundings.workingDir().resolve(word));
  }

  private String content(String file) throws CommandException {
    Path path = surroundings.workingDir().resolve(file);
    try {
      if (Files.isRegularFile(path) && Files.size(path) > FILE_BYTES_MAX) {
        throw new CommandException(ExitCode.USAGE, Complaint.of("'" + file + "' is larger than " + (FILE_BYTES_MAX >> 20) + " MiB").at(file));
      }
      return Files.readString(path);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot read '" + file + "': " + e.getMessage()).at("faultline contract " + verb + " " + model + " " + file).help("a contract.yaml, or for --from a request in JSON a line"), e);
    }
  }

  /// One document, or one a line.
  private ArrayNode requests() throws CommandException {
    ArrayNode requests = JsonNodeFactory.instance.arrayNode();
    String content = content(from);
    try (var documents = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(content)) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        JsonNode items = document.path("items");
        (items.isArray() ? items : JsonNodeFactory.instance.arrayNode().add(document)).forEach(requests::add);
      }
      return requests;
    } catch (JsonProcessingException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("'" + from + "' is not JSON: " + e.getOriginalMessage()).at("--from " + from + ", line " + e.getLocation().getLineNr()), e);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot read '" + from + "': " + e.getMessage()).at("--from " + from), e);
    }
  }

  private void write(String file, String content) throws CommandException {
    try {
      Files.writeString(surroundings.workingDir().resolve(file), content);
      terminal.say("wrote " + file);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot write '" + file + "': " + e.getMessage()).at("--out " + file), e);
    }
  }
}
