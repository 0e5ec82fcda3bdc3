package dev.faultline.isolation;

import dev.faultline.fault.FaultCode;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Change;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphException;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.Node;
import dev.faultline.graph.NodeNames;
import dev.faultline.isolation.localize.Chimera;
import dev.faultline.isolation.localize.ChimeraFinding;
import dev.faultline.isolation.localize.Laboratory;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.serving.backend.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds which changes of a graph the fault hangs on, by replaying the request on graphs between the two versions.
final class GraphDifferenceSearch {
  /// Left for the look into the graph that follows.
  private static final int KEPT = 12;
  /// Each death costs a process.
  private static final int CRASHES_MAX = 10;
  /// Of an answer that is only another one: changes beyond which a version counts as trained anew, where to name the first of them says nothing.
  private static final int ANEW_FROM = 5;
  /// Changes that are told.
  private static final int TOLD_MAX = 3;

  private final Trials trials;
  private final Tools tools;
  private final Target target;
  private final Setup suspect;
  private final Notes notes;

  GraphDifferenceSearch(Trials trials, Tools tools, Target target, Setup suspect, Notes notes) {
    this.trials = target.code() == FaultCode.INFER_CRASHED ? trials.atMost(CRASHES_MAX) : trials.leaving(KEPT);
    this.tools = tools;
    this.target = target;
    this.suspect = suspect;
    this.notes = notes;
  }

  VersionDifference run(Artifact good, Artifact bad, Subject subject, List<Subject> others) {
    try {
      if (Math.max(Files.size(good.file()), Files.size(bad.file())) > Chimera.MODEL_BYTES_MAX) {
        notes.add(Proof.Kind.LIMIT, "the graphs are too large to be mixed");
        return VersionDifference.NONE;
      }
      var failing = new ArrayList<Oracle<Artifact>>();
      failing.add(oracle(subject));
      others.forEach(other -> failing.add(oracle(other)));
      var laboratory = new Laboratory(tools.backend(), tools.scratch(), tools.nanoClock());
      return told(new Chimera(laboratory).explain(good, bad, failing, trials.budget()), bad);
    } catch (GraphException | IOException | UncheckedIOException e) {
      notes.add(Proof.Kind.LIMIT, "the graphs could not be compared: " + e.getMessage());
      return VersionDifference.NONE;
    }
  }

  private Oracle<Artifact> oracle(Subject subject) {
    return model -> trials.run(suspect.onGraph(model.file()), subject, target).result();
  }

  private VersionDifference told(ChimeraFinding finding, Artifact bad) {
    return switch (finding) {
      case ChimeraFinding.Changes found -> told(found, NodeNames.complete(GraphReader.read(bad.file())));
      case ChimeraFinding.NoDifference _ -> VersionDifference.NONE;
      case ChimeraFinding.Unexplained unexplained -> {
        notes.add(Proof.Kind.LIMIT, "which of " + unexplained.changes().size() + " changes of the graph it is could not be found: " + unexplained.reason());
        yield VersionDifference.NONE;
      }
    };
  }

  private VersionDifference told(ChimeraFinding.Changes found, Graph bad) {
    List<Change> changes = Slices.together(found.changes());
    notes.add(Proof.Kind.INTERVENTION, words(changes) + " explains " + found.explained() + " of " + found.asked() + " failing requests: brought into the good version it makes the request fail"
        + (found.necessary() ? ", taken back from the bad one it lets it pass" : "") + " (" + found.cost().runs() + " runs of graphs between the two)");
    if (!found.others().isEmpty()) {
      notes.ruleOut("other changes of the graph", found.others().size() + " more differ and do not matter: " + words(found.others()));
    }
    if (target.code() == FaultCode.CHECK_MISMATCH && changes.size() >= ANEW_FROM) {
      return new VersionDifference("", List.of(), List.of(), found.minimal(), found.necessary(), changes.size() + " constants and nodes that count together, as in a model that was trained anew", List.of());
    }
    return new VersionDifference(
        "",
        changes.stream().flatMap(change -> change instanceof Change.Weights weights ? java.util.stream.Stream.of(blamed(weights)) : java.util.stream.Stream.empty()).toList(),
        changes.stream().flatMap(change -> node(change, bad).stream()).distinct().limit(1).map(node -> new BlamedNode(node, List.of(), List.of())).toList(),
        found.minimal(),
        found.necessary(),
        words(changes),
        changes.stream().limit(TOLD_MAX).map(GraphDifferenceSearch::restored).toList());
  }

  private static String words(List<Change> changes) {
    String told = String.join(", ", changes.stream().limit(TOLD_MAX).map(Change::words).toList());
    return changes.size() <= TOLD_MAX ? told : told + " and " + (changes.size() - TOLD_MAX) + " more";
  }

  private static BlamedInitializer blamed(Change.Weights weights) {
    return new BlamedInitializer(weights.name(), weights.place().substring(weights.name().length()), weights.good(), weights.bad());
  }

  /// The node that changed, or the first that reads the constant.
  private static Optional<NodeRef> node(Change change, Graph bad) {
    return switch (change) {
      case Change.Weights weights -> bad.consumers(weights.name()).stream().findFirst().map(GraphDifferenceSearch::ref);
      case Change.Argument argument -> Optional.of(argument.node());
      case Change.Structure structure -> structure.added().stream().findFirst().or(() -> structure.rewired().stream().findFirst());
      case Change.Opset _ -> Optional.empty();
    };
  }

  private static NodeRef ref(Node node) {
    return new NodeRef(node.index(), node.name(), node.op(), node.writes().stream().findFirst().orElse(""));
  }

  private static String restored(Change change) {
    return switch (change) {
      case Change.Weights weights -> "restore initializer '" + weights.place() + "' to " + weights.good() + " (it is " + weights.bad() + ") and export again";
      case Change.Argument argument -> "set attribute " + argument.attribute() + " of node '" + argument.node().name() + "' back to "
          + (argument.good().isEmpty() ? "its default" : argument.good()) + " and export again";
      case Change.Structure structure -> "look at what was changed around node '"
          + structure.added().stream().findFirst().or(() -> structure.rewired().stream().findFirst()).map(NodeRef::name).orElse("?") + "' and export again";
      case Change.Opset opset -> "export with operator set " + opset.good() + " again";
    };
  }
}
