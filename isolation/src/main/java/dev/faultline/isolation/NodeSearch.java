package dev.faultline.isolation;

import dev.faultline.fault.CheckFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.GraphException;
import dev.faultline.isolation.localize.CrashFinding;
import dev.faultline.isolation.localize.CrashLocalizer;
import dev.faultline.isolation.localize.DivergenceFinding;
import dev.faultline.isolation.localize.DivergenceFinding.Introducer;
import dev.faultline.isolation.localize.DivergenceLocalizer;
import dev.faultline.isolation.localize.ElementSource;
import dev.faultline.isolation.localize.Laboratory;
import dev.faultline.isolation.localize.NonfiniteFinding;
import dev.faultline.isolation.localize.NonfiniteFinding.Birth;
import dev.faultline.isolation.localize.NonfiniteSearch;
import dev.faultline.isolation.localize.Offence;
import dev.faultline.isolation.localize.Operand;
import dev.faultline.isolation.localize.SlowFinding;
import dev.faultline.isolation.localize.SlowLocalizer;
import dev.faultline.isolation.localize.ThrowFinding;
import dev.faultline.isolation.localize.ThrowLocalizer;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.Containment;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.tensor.Tensor;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Names the graph node to blame, by an experiment that fits how the fault shows: a throw, a death, a value that is not finite, an
/// answer that departs from the good version's, or time.
///
/// Longer than most because every way in which a run goes wrong is looked into here, each in a few lines.
final class NodeSearch {
  /// Departing nodes beyond which a version counts as trained anew: then naming the first says nothing.
  private static final int DEPARTING_MAX = 4;
  /// How long a beginning of a slow graph may run.
  private static final long SLOW_MILLIS_MAX = 4_000;

  private final Tools tools;
  private final Budget budget;
  private final String model;
  private final String version;
  private final Notes notes;

  NodeSearch(Tools tools, Budget budget, String model, String version, Notes notes) {
    this.tools = tools;
    this.budget = budget;
    this.model = model;
    this.version = version;
    this.notes = notes;
  }

  /// `inputs` is what the engine was given in a run that showed the fault, empty when it did not come that far; `sound` gives the same of runs that
  /// passed, and costs replays; `good` a version that takes the request, empty when there is none.
  GraphFinding run(Fault fault, List<Tensor> inputs, Supplier<List<List<Tensor>>> sound, String good) {
    GraphFinding named = fault.node().filter(node -> node.index() >= 0).map(node -> GraphFinding.of(new BlamedNode(node, List.of(), swallowed(fault)))).orElse(GraphFinding.NONE);
    if (inputs.isEmpty()) {
      return named;
    }
    try {
      GraphFinding found = look(fault, inputs, sound, good);
      return found.nodes().isEmpty() ? named : found;
    } catch (ReplayException | GraphException | UncheckedIOException e) {
      notes.add(Proof.Kind.LIMIT, "the graph could not be looked into: " + e.getMessage());
      return named;
    }
  }

  private GraphFinding look(Fault fault, List<Tensor> inputs, Supplier<List<List<Tensor>>> sound, String good) throws ReplayException {
    Artifact artifact = tools.replayer().artifact(model, version);
    return switch (fault.code()) {
      case INFER_NODE_FAILED, INFER_FAILED, INFER_OUT_OF_MEMORY -> thrown(new ThrowLocalizer(laboratory(tools.backend())).localize(artifact, inputs, budget));
      case INFER_CRASHED -> crashed(new CrashLocalizer(laboratory(new Contained(tools.backend()))).localize(artifact, inputs, budget));
      case INFER_TIMEOUT -> slow(new SlowLocalizer(laboratory(tools.backend()), SLOW_MILLIS_MAX).localize(artifact, inputs, budget));
      case CHECK_NONFINITE -> nonfinite(fault, artifact, inputs, sound);
      case CHECK_RANGE, CHECK_SUM, CHECK_SHAPE, CHECK_VALUES, CHECK_MISMATCH -> good.isEmpty()
          ? GraphFinding.NONE
          : departing(new DivergenceLocalizer(laboratory(tools.backend())).localize(tools.replayer().artifact(model, good), artifact, inputs, budget));
      default -> GraphFinding.NONE;
    };
  }

  private Laboratory laboratory(Backend backend) {
    return new Laboratory(backend, tools.scratch(), tools.nanoClock());
  }

  private GraphFinding thrown(ThrowFinding finding) {
    return switch (finding) {
      case ThrowFinding.AtNode at -> {
        note("node " + at.node() + inside(at.scope()) + " fails when the graph is run as it stands in the file", at.offences());
        yield found(at.node(), at.scope(), List.of(), at.offences());
      }
      case ThrowFinding.OptimizerFault optimised -> {
        note("the graph as it stands in the file runs; only optimised at level " + optimised.firstFailing() + " it fails, at " + optimised.at(), List.of());
        yield GraphFinding.NONE;
      }
      case ThrowFinding.NotReproduced _ -> unlocated("the engine alone runs what failed in the server");
      case ThrowFinding.Unlocated unlocated -> unlocated(unlocated.reason());
    };
  }

  private GraphFinding crashed(CrashFinding finding) {
    return switch (finding) {
      case CrashFinding.AtNode at -> {
        note("with node " + at.node() + inside(at.scope()) + " the graph kills its process and without it not (" + at.crashes() + " processes died to find out)", at.offences());
        yield found(at.node(), at.scope(), List.of(), at.offences());
      }
      case CrashFinding.NotReproduced _ -> unlocated("a process of its own survives what killed the server's");
      case CrashFinding.Unlocated unlocated -> unlocated(unlocated.reason());
    };
  }

  private GraphFinding slow(SlowFinding finding) {
    return switch (finding) {
      case SlowFinding.AtNode at -> {
        note("up to node %s%s the graph takes %.0f ms, and without it %.0f ms".formatted(at.node(), inside(at.scope()), at.millis(), at.millisBefore()), List.of());
        yield found(at.node(), at.scope(), List.of(), List.of());
      }
      case SlowFinding.Unlocated unlocated -> unlocated(unlocated.reason());
    };
  }

  private GraphFinding nonfinite(Fault fault, Artifact artifact, List<Tensor> inputs, Supplier<List<List<Tensor>>> sound) {
    var search = new NonfiniteSearch(laboratory(tools.backend()));
    return switch (search.localize(artifact, inputs, budget)) {
      case NonfiniteFinding.Births found -> found.entries().isEmpty() ? born(fault, found.births(), benign(search, artifact, found.births(), sound)) : entered(found.entries());
      case NonfiniteFinding.NotReproduced _ -> unlocated("all values are finite when the graph is looked into");
      case NonfiniteFinding.Unlocated unlocated -> unlocated(unlocated.reason());
    };
  }

  /// Nodes that make what is not finite of sound requests too, such as a mask of minus infinity.
  private List<String> benign(NonfiniteSearch search, Artifact artifact, List<Birth> births, Supplier<List<List<Tensor>>> sound) {
    List<List<Tensor>> passing = births.size() > 1 ? sound.get() : List.of();
    return !passing.isEmpty() && search.localize(artifact, passing.getFirst(), budget) instanceof NonfiniteFinding.Births usual
        ? usual.births().stream().map(birth -> birth.node().name()).toList()
        : List.of();
  }

  private GraphFinding born(Fault fault, List<Birth> births, List<String> benign) {
    List<Birth> unusual = births.stream().filter(birth -> !benign.contains(birth.node().name())).toList();
    List<Birth> suspects = unusual.isEmpty() ? births : unusual;
    Optional<Birth> first = suspects.stream().filter(birth -> fault instanceof CheckFault check && birth.reaches().contains(check.at().tensor())).findFirst()
        .or(() -> suspects.stream().filter(birth -> !birth.reaches().isEmpty()).findFirst())
        .or(() -> suspects.stream().findFirst());
    return first.map(birth -> {
      note("node " + birth.node() + inside(birth.scope()) + " makes something that is not finite of finite numbers", birth.offences());
      births.stream().filter(other -> !other.equals(birth)).forEach(other -> note("so does node " + other.node(), other.offences()));
      return found(birth.node(), birth.scope(), birth.swallowedBy(), birth.offences());
    }).orElse(GraphFinding.NONE);
  }

  private GraphFinding entered(List<NonfiniteFinding.Entry> entries) {
    NonfiniteFinding.Entry entry = entries.getFirst();
    List<BlamedNode> nodes = entry.enters().stream().limit(1).map(node -> new BlamedNode(node, List.of(), entry.swallowedBy())).toList();
    nodes.forEach(node -> note(entry.element().place() + " is " + entry.element().got() + ", and node " + node.at() + " passes it on", List.of()));
    return new GraphFinding(nodes, List.of(), "");
  }

  private GraphFinding departing(DivergenceFinding finding) {
    return switch (finding) {
      case DivergenceFinding.Introduced introduced -> introduced.nodes().size() > DEPARTING_MAX
          ? unlocated(introduced.nodes().size() + " nodes depart from the good version on the same operands, as after training anew")
          : departing(introduced.nodes());
      case DivergenceFinding.Alike alike -> unlocated("all " + alike.compared() + " values that both versions have agree");
      case DivergenceFinding.Unlocated unlocated -> unlocated(unlocated.reason());
    };
  }

  private GraphFinding departing(List<Introducer> nodes) {
    Introducer first = nodes.stream().filter(node -> !node.changes().isEmpty()).findFirst().orElse(nodes.getFirst());
    note("node %s departs from the good version's by %.2g when it is given the same operands".formatted(first.node(), first.alone()), List.of());
    return GraphFinding.of(new BlamedNode(first.node(), List.of(), List.of()));
  }

  private GraphFinding unlocated(String reason) {
    notes.add(Proof.Kind.LIMIT, "no node could be named: " + reason);
    return GraphFinding.NONE;
  }

  private static GraphFinding found(NodeRef node, List<NodeRef> scope, List<NodeRef> swallowedBy, List<Offence> offences) {
    var blamed = new BlamedNode(node, scope.stream().map(NodeRef::name).toList(), swallowedBy);
    return new GraphFinding(List.of(blamed), constants(offences), offences.stream().findFirst().map(Offence::words).orElse(""));
  }

  /// Constants that offend by themselves: nothing of the request is in the offending element.
  private static List<BlamedInitializer> constants(List<Offence> offences) {
    var found = new ArrayList<BlamedInitializer>();
    for (Offence offence : offences) {
      boolean ofTheFile = !offence.from().isEmpty() && offence.from().stream().allMatch(source -> source.source() == Operand.Source.INITIALIZER);
      if (ofTheFile) {
        ElementSource source = offence.from().getFirst();
        String slice = source.place().substring("initializer ".length() + source.value().length());
        found.add(new BlamedInitializer(source.value(), slice, "", source.got()));
      }
    }
    return found;
  }

  private void note(String what, List<Offence> offences) {
    notes.add(Proof.Kind.LOCALIZATION, what + offences.stream().findFirst().map(offence -> ": " + offence.words()).orElse(""));
  }

  private static String inside(List<NodeRef> scope) {
    return scope.isEmpty() ? "" : " inside " + String.join(" inside ", scope.reversed().stream().map(NodeRef::toString).toList());
  }

  private static List<NodeRef> swallowed(Fault fault) {
    return fault.evidence().stream()
        .flatMap(each -> each instanceof Evidence.Swallowed by ? Stream.of(by.by()) : Stream.empty())
        .toList();
  }

  /// Loads everything in a process of its own.
  private record Contained(Backend backend) implements Backend {
    @Override
    public String engine() {
      return backend.engine();
    }

    @Override
    public LoadedModel load(Artifact artifact, LoadOptions options) throws LoadException {
      return backend.load(artifact, options.withContainment(options.containment().withWhere(Containment.PROCESS)));
    }
  }
}
