package dev.faultline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `faultline doctor`: whether a server would run well here.
@Command(
    name = "doctor",
    header = {"  faultline doctor", "  faultline doctor ./models --data /var/lib/faultline", ""},
    customSynopsis = "faultline doctor [DIR...] [OPTIONS]",
    description = "check Java, engine, memory, ports, folders, telemetry guard")
final class DoctorCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ConfigOptions config;

  @Parameters(paramLabel = "DIR", arity = "0..*", description = "Model repositories to look through. Default: models.dirs.")
  private List<Path> places = new ArrayList<>();

  DoctorCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.config = new ConfigOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (!places.isEmpty()) {
      config.set("models.dirs", String.join("\n", places.stream().map(Path::toString).toList()));
    }
    ServerConfig serverConfig = config.read().config();
    var all = new ArrayList<Diagnosis>();
    all.addAll(JavaExam.all());
    all.addAll(EngineExam.all());
    all.addAll(PlaceExam.all(serverConfig));
    boolean good = all.stream().noneMatch(each -> each.health() == Diagnosis.Health.BAD);
    if (output.isJson()) {
      terminal.print(document(all, good));
    } else {
      print(all);
    }
    return good ? ExitCode.GOOD : ExitCode.BAD;
  }

  private void print(List<Diagnosis> all) {
    for (Diagnosis each : all) {
      terminal.print(sign(each.health()) + " " + "%-12s".formatted(each.name()) + " " + each.found() + (each.mend().isEmpty() ? "" : "   fix: " + each.mend()));
    }
    long problems = all.stream().filter(each -> each.health() == Diagnosis.Health.BAD).count();
    long warnings = all.stream().filter(each -> each.health() == Diagnosis.Health.WARNING).count();
    terminal.print(problems + " problems, " + warnings + " warnings");
  }

  private String sign(Diagnosis.Health health) {
    return switch (health) {
      case GOOD -> terminal.out(Style.GREEN, "✓");
      case WARNING -> terminal.out(Style.YELLOW, "!");
      case BAD -> terminal.out(Style.RED, "✗");
    };
  }

  private static ObjectNode document(List<Diagnosis> all, boolean good) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/doctor.v1").put("good", good);
    ArrayNode checks = document.putArray("checks");
    all.forEach(each -> checks.addObject()
        .put("name", each.name())
        .put("health", each.health().name().toLowerCase(Locale.ROOT))
        .put("found", each.found())
        .put("mend", each.mend()));
    return document;
  }
}
