package dev.faultline.serving.model;

import dev.faultline.serving.backend.Adaptive;
import dev.faultline.serving.backend.ContainmentWish;
import dev.faultline.serving.backend.Limits;
import dev.faultline.contract.Contract;
import dev.faultline.contract.Expectation.Mode;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Hint;
import dev.faultline.serving.step.DeclaredStep;
import dev.faultline.serving.step.StepReader;
import dev.faultline.serving.model.VersionSettings.Repeating;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// `contract.yaml` on top of what is known so far. `docs/contract.md` documents every key.
final class ContractReader {
  private static final int INSTANCES_MAX = 1_024;
  private static final int LOST_LANES_MAX = 1_024;
  private static final int QUEUE_CAPACITY_MAX = 1_000_000;
  private static final long TIMEOUT_MILLIS_MAX = 24 * 3_600_000L;

  private final StepReader steps;
  private final Draft draft;

  ContractReader(StepReader steps, Draft draft) {
    this.steps = steps;
    this.draft = draft;
  }

  /// What it returns is complete only when there are no problems. `goldenFiles` are requests with their answers from other files.
  VersionSettings read(Declared root, List<Declared> goldenFiles) {
    Mode checks = root.at("checks").choice(Mode.class, Mode.ENFORCE);
    List<DeclaredStep> before = steps.read(root.at("preprocess"));
    List<DeclaredStep> after = steps.read(root.at("postprocess"));
    var inputs = new InputReader(draft, before);
    inputs.read(root.at("inputs"), root.at("preprocess"));
    var outputs = new OutputReader(inputs.specs(), checks);
    StepReader.specsAfter(after, draft.outputs).ifPresent(specs -> outputs.read(root.at("outputs"), specs));
    Declared bounds = root.at("limits");
    Limits limits = limits(bounds).with(BatchingReader.read(root.at("batching"), draft.limits.batching()));
    // asked before the version was loaded; here for its problems
    ContainmentReader.read(root, bounds, ContainmentWish.AUTO);
    if (bounds.isPresent()) {
      bounds.rejectOthers();
    }
    List<String> redact = redact(root.at("redact"), inputs.specs(), outputs.specs());
    Repeating repeating = root.at("side_effects").flag(false) ? Repeating.HAS_SIDE_EFFECTS : Repeating.HARMLESS;
    var goldens = new ArrayList<>(root.at("warmup").elements());
    goldens.addAll(goldenFiles);
    new GoldenReader(inputs.specs(), outputs.specs()).read(goldens, draft);
    root.rejectOthers();
    var contract = new Contract(inputs.specs(), outputs.specs(), rules(inputs), outputs.expectations(), draft.sources);
    return new VersionSettings(contract, bare(before), bare(after), limits, redact, draft.labels, draft.warmUps, draft.warnings, repeating);
  }

  /// Those of other files first, where the contract does not speak of the same field and the caller sends it.
  private List<Rule> rules(InputReader inputs) {
    var rules = new ArrayList<Rule>();
    for (Rule rule : draft.rules) {
      boolean sent = Agreement.find(inputs.specs(), rule.field().tensor()).isPresent();
      // the largest batch of config.pbtxt stays: rows of the contract can only narrow it
      boolean overruled = !(rule instanceof Rule.Rows) && inputs.rules().stream().anyMatch(own -> own.getClass() == rule.getClass() && own.field().equals(rule.field()));
      if (sent && !overruled) {
        rules.add(rule);
      }
    }
    rules.addAll(inputs.rules());
    return rules;
  }

  private static List<dev.faultline.serving.step.Step> bare(List<DeclaredStep> steps) {
    return steps.stream().map(DeclaredStep::step).toList();
  }

  private Limits limits(Declared limits) {
    Limits known = draft.limits;
    return new Limits(
        (int) limits.at("instances").integer(known.instances(), 1, INSTANCES_MAX),
        (int) limits.at("queue_capacity").integer(known.queueCapacityMax(), 0, QUEUE_CAPACITY_MAX),
        limits.at("queue_timeout").millis(known.queueTimeoutMillis(), TIMEOUT_MILLIS_MAX),
        limits.at("infer_timeout").millis(known.inferTimeoutMillis(), TIMEOUT_MILLIS_MAX),
        limits.at("stop_grace").millis(known.stopGraceMillis(), TIMEOUT_MILLIS_MAX),
        (int) limits.at("lost_lanes").integer(known.lostLanesMax(), 0, LOST_LANES_MAX),
        limits.at("adaptive").choice(Adaptive.class, known.adaptive()),
        known.batching());
  }

  /// `tensor`, `tensor.column`, or a column's bare name for each tensor that has it.
  private static List<String> redact(Declared list, List<TensorSpec> inputs, List<TensorSpec> outputs) {
    var specs = new ArrayList<>(inputs);
    specs.addAll(outputs);
    Set<String> known = new LinkedHashSet<>(Agreement.names(specs));
    specs.forEach(spec -> spec.columns().forEach(column -> known.add(new FieldRef(spec.name(), column).toString())));
    Set<String> redacted = new LinkedHashSet<>();
    for (Declared element : list.elements()) {
      String name = element.requiredText();
      List<String> columns =
          specs.stream().filter(spec -> spec.columns().contains(name)).map(spec -> new FieldRef(spec.name(), name).toString()).toList();
      if (known.contains(name)) {
        redacted.add(name);
      } else if (columns.isEmpty() && !name.isEmpty() && !specs.isEmpty()) {
        String hint = Hint.of(name, known);
        element.problem("is '" + name + "', which names no field" + hint + " (expected: a tensor, tensor.column or column of " + Declared.listed(known) + ")");
      }
      redacted.addAll(columns);
    }
    return List.copyOf(redacted);
  }
}
