package dev.faultline.server.compare;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CapturedFault;
import dev.faultline.fault.Blame;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.NearestName;
import dev.faultline.fault.Stage;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.serving.model.ModelRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads selections: terms with blanks between, all of which must hold.
///
/// A term is an id (`FL-3`, `flt_...` for its group), a fault code, one of the words `failing`, `faulted`, `suspicious`, `passing`, `all`, or a
/// comparison: `model=m`, `version=7`, `stage=INFER`, `since=2h`, `client=10.0.0.7`, `header:x-tenant=acme`, `field:age>=65`. Values and names with
/// blanks stand in quotes.
///
/// Longer than most because the language is in one place.
final class SelectionReader {
  static final int LENGTH_MAX = 4_096;
  static final String REST = "rest";
  private static final Pattern TERM = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");
  private static final Pattern COMPARED = Pattern.compile("([^=<>!]+)(>=|<=|!=|=|>|<)(.*)", Pattern.DOTALL);
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");
  private static final Map<String, Set<Capture.Kind>> WORDS = Map.of(
      "failing", EnumSet.of(Capture.Kind.FAULT, Capture.Kind.SUSPICION),
      "faulted", EnumSet.of(Capture.Kind.FAULT),
      "suspicious", EnumSet.of(Capture.Kind.SUSPICION),
      "passing", EnumSet.of(Capture.Kind.BASELINE),
      "all", EnumSet.noneOf(Capture.Kind.class));
  private static final List<String> KEYS =
      List.of("model", "version", "code", "stage", "blame", "group", "fingerprint", "field", "node", "request_id", "trace_id", "since", "until", "client", "hour", "batch_size");
  private static final List<String> OF_REQUESTS = List.of("field:", "header:", "shape:");
  private static final Set<String> OF_ARRIVALS = Set.of("client", "hour", "batch_size");

  private final FaultGroups groups;
  private final ModelRepository models;
  private final CaptureStore store;
  private final InstantSource clock;

  SelectionReader(FaultGroups groups, ModelRepository models, CaptureStore store, InstantSource clock) {
    this.groups = groups;
    this.models = models;
    this.store = store;
    this.clock = clock;
  }

  Selection read(String text) throws SelectionException {
    var reading = new OfOne(text);
    for (String term : terms(text)) {
      reading.term(term);
    }
    return reading.selection();
  }

  /// What a selection is compared with where nothing is said: what passed, for failures; what is left of the model, otherwise.
  Selection baseline(Selection of) throws SelectionException {
    return of.isOfFailures() ? read(passing(of)) : rest(of);
  }

  private String passing(Selection of) {
    var terms = new ArrayList<>(List.of("passing"));
    if (!of.where().containsKey(By.MODEL)) {
      model(of).ifPresent(model -> terms.add("model=" + quoted(model)));
    }
    terms.addAll(of.context());
    return String.join(" ", terms);
  }

  /// All others of the model; what is selected is taken out when both are known.
  Selection rest(Selection of) {
    var where = new EnumMap<By, String>(By.class);
    model(of).ifPresent(model -> where.put(By.MODEL, model));
    String words = REST + (where.isEmpty() ? "" : " of model=" + quoted(where.getOrDefault(By.MODEL, "")));
    return new Selection(words, of.isOfFailures() ? Set.of() : of.kinds(), where, Instant.MIN, Instant.MAX, List.of(), List.of());
  }

  private Optional<String> model(Selection of) {
    String group = of.where().get(By.GROUP);
    return Optional.ofNullable(of.where().get(By.MODEL))
        .or(() -> Optional.ofNullable(group).flatMap(groups::find).map(found -> found.model()).filter(name -> !name.isEmpty()));
  }

  private static String quoted(String text) {
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> Character.isWhitespace(c) || c == '\'' || c == '"');
    return plain ? text : text.indexOf('\'') < 0 ? "'" + text + "'" : "\"" + text + "\"";
  }

  private static List<String> terms(String text) throws SelectionException {
    if (text.length() > LENGTH_MAX) {
      throw SelectionException.invalid("the selection has " + text.length() + " characters (expected: at most " + LENGTH_MAX + ")");
    }
    Matcher terms = TERM.matcher(text);
    if (!terms.replaceAll("").isBlank()) {
      throw SelectionException.invalid("the selection " + text + " has a quote that does not end (expected: 'as this' or \"as this\")");
    }
    List<String> found = TERM.matcher(text).results().map(each -> each.group()).toList();
    if (found.isEmpty()) {
      throw SelectionException.invalid("nothing is selected (expected: FL-3, a fault code, failing, or terms such as model=m version=7)");
    }
    return found;
  }

  /// One selection while it is read.
  private final class OfOne {
    private final String text;
    private final Set<Capture.Kind> kinds = EnumSet.noneOf(Capture.Kind.class);
    private final Map<By, String> where = new EnumMap<>(By.class);
    private final List<Clause> clauses = new ArrayList<>();
    private final List<String> context = new ArrayList<>();
    private Instant since = Instant.MIN;
    private Instant until = Instant.MAX;

    OfOne(String text) {
      this.text = text.strip();
    }

    void term(String term) throws SelectionException {
      Matcher compared = COMPARED.matcher(term);
      if (WORDS.containsKey(term)) {
        kinds.addAll(WORDS.getOrDefault(term, Set.of()));
      } else if (term.matches("FL-\\d+")) {
        add(By.GROUP, term);
      } else if (term.startsWith("flt_")) {
        add(By.GROUP, groupOf(term));
      } else if (compared.matches()) {
        compared(term, bare(compared.group(1)), Relation.of(compared.group(2)), bare(compared.group(3)));
      } else if (FaultCode.find(term).isPresent()) {
        add(By.CODE, term);
      } else {
        throw unknown(term);
      }
    }

    private void compared(String term, String key, Relation relation, String value) throws SelectionException {
      if (OF_ARRIVALS.contains(key) || OF_REQUESTS.stream().anyMatch(key::startsWith)) {
        clause(key, relation, value);
        context.add(term);
        return;
      }
      if (relation != Relation.EQUAL) {
        throw KEYS.contains(key) ? SelectionException.invalid("'" + term + "': '" + key + "' can only be compared with =") : unknown(key);
      }
      equal(term, key, value);
    }

    private void clause(String key, Relation relation, String value) throws SelectionException {
      if (relation.isOfNumbers() && !Clause.isNumber(value)) {
        throw SelectionException.invalid("'" + value + "' is no number, and " + key + " is compared with it by its size (expected: " + key + "=" + value + ", or a number)");
      }
      // readings of headers have names in lower case
      clauses.add(new Clause(key.startsWith("header:") ? key.toLowerCase(Locale.ROOT) : key, relation, value));
    }

    private void equal(String term, String key, String value) throws SelectionException {
      switch (key) {
        case "since" -> since = time(key, value);
        case "until" -> until = time(key, value);
        case "code" -> add(By.CODE, known("fault code", value, Arrays.stream(FaultCode.values()).map(FaultCode::label).toList()));
        case "stage" -> add(By.STAGE, known("stage", value.toUpperCase(Locale.ROOT), Arrays.stream(Stage.values()).map(Stage::name).toList()));
        case "blame" -> add(By.BLAME, known("blame", value.toUpperCase(Locale.ROOT), Arrays.stream(Blame.values()).map(Blame::name).toList()));
        default -> add(By.find(key).filter(_ -> KEYS.contains(key)).orElseThrow(() -> unknown(key)), value);
      }
      if (List.of("model", "version", "since", "until").contains(key)) {
        context.add(term);
      }
    }

    private void add(By by, String value) throws SelectionException {
      String before = where.putIfAbsent(by, value);
      if (before != null && !before.equals(value)) {
        throw SelectionException.invalid("'" + by.label() + "' is given twice: " + before + " and " + value + " (expected: once; all terms must hold)");
      }
    }

    Selection selection() throws SelectionException {
      requireGroup();
      requireModel();
      requireVersion();
      return new Selection(text, kinds, where, since, until, clauses, context);
    }

    private void requireGroup() throws SelectionException {
      String group = where.getOrDefault(By.GROUP, "");
      if (!group.isEmpty() && groups.find(group).isEmpty() && isNowhere(By.GROUP, group)) {
        throw SelectionException.unknown("there is no group '" + group + "' (expected: an id such as FL-17; faultline faults lists them)");
      }
    }

    private void requireModel() throws SelectionException {
      String model = where.getOrDefault(By.MODEL, "");
      if (!model.isEmpty() && !models.names().contains(model) && isNowhere(By.MODEL, model)) {
        throw SelectionException.unknown("there is no model '" + model + "'" + expected(model, models.names()));
      }
    }

    /// A label stands for its version.
    private void requireVersion() throws SelectionException {
      String version = where.getOrDefault(By.VERSION, "");
      String model = where.getOrDefault(By.MODEL, models.names().size() == 1 ? models.names().getFirst() : "");
      if (version.isEmpty()) {
        return;
      }
      String resolved = models.resolve(model, version).orElse(version);
      where.put(By.VERSION, resolved);
      if (isNowhere(By.VERSION, resolved) && models.candidates(model).stream().noneMatch(each -> each.version().equals(resolved))) {
        throw SelectionException.unknown(model.isEmpty()
            ? "no request of a version '" + version + "' is kept"
            : "model '" + model + "' has no version '" + version + "'" + expected(version, models.versionsAndLabels(model)));
      }
    }

    private Instant time(String key, String value) throws SelectionException {
      Matcher ago = AGO.matcher(value);
      try {
        return ago.matches() ? clock.instant().minus(span(Long.parseLong(ago.group(1)), ago.group(2))) : Instant.parse(value);
      } catch (DateTimeParseException e) {
        throw SelectionException.invalid("'" + key + "=" + value + "' is no moment (expected: 30m, 2h, 7d ago, or 2026-11-23T10:00:00Z)");
      }
    }
  }

  private static Duration span(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private boolean isNowhere(By by, String value) {
    return store.query(CaptureQuery.all().where(by, value).limit(1)).items().isEmpty();
  }

  private String groupOf(String fault) throws SelectionException {
    return store.findByFault(fault).stream()
        .flatMap(capture -> capture.faults().stream())
        .filter(each -> each.id().equals(fault))
        .map(CapturedFault::group)
        .findFirst()
        .orElseThrow(() -> SelectionException.unknown("there is no fault '" + fault + "' (old ones go with their captures)"));
  }

  private static String bare(String text) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    boolean quoted = text.length() > 1 && (first == '\'' || first == '"') && text.charAt(text.length() - 1) == first;
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private static String known(String what, String value, List<String> known) throws SelectionException {
    if (!known.contains(value)) {
      throw SelectionException.unknown("there is no " + what + " '" + value + "'" + expected(value, known));
    }
    return value;
  }

  private static SelectionException unknown(String term) {
    if (term.startsWith("cap_")) {
      return SelectionException.invalid("'" + term + "' is one request, and several are compared (expected: its group, such as FL-3; faultline explain says why one failed)");
    }
    if (term.matches("[a-z]+\\.[a-z_]+")) {
      List<String> codes = Arrays.stream(FaultCode.values()).map(FaultCode::label).toList();
      return SelectionException.unknown("there is no fault code '" + term + "'" + expected(term, codes));
    }
    var words = new ArrayList<>(KEYS);
    words.addAll(WORDS.keySet());
    String hint = NearestName.of(term, words).map(near -> "did you mean '" + near + "'?").orElse("expected: FL-3, a fault code, failing, passing, or terms such as model=m, version=7, since=2h");
    return SelectionException.invalid("the selection has a term '" + term + "' (" + hint + "; a field of the request is written field:NAME)");
  }

  private static String expected(String given, List<String> known) {
    return NearestName.of(given, known).map(near -> " (did you mean '" + near + "'?)")
        .orElse(" (expected: " + (known.isEmpty() ? "none is known" : "one of " + known.stream().limit(20).collect(Collectors.joining(", "))) + ")");
  }
}
