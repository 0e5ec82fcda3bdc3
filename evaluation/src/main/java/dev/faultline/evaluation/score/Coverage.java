package dev.faultline.evaluation.score;

import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Condition;
import dev.faultline.evaluation.truth.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Which requests a claimed predicate covers, so that two ways to say the same count the same.
public final class Coverage {
  /// From here on two predicates are the same.
  public static final double SAME = 0.95;

  private final Family family;

  public Coverage(Family family) {
    this.family = family;
  }

  /// Jaccard index of the rows that all terms cover and the rows that the fault covers; 0 without terms.
  public double jaccard(List<Condition> terms, List<Request> requests, Predicate<Request> truth) {
    if (terms.isEmpty()) {
      return 0;
    }
    int both = 0;
    int either = 0;
    for (Request request : requests) {
      boolean said = terms.stream().allMatch(term -> holds(term, request));
      boolean is = truth.test(request);
      both += said && is ? 1 : 0;
      either += said || is ? 1 : 0;
    }
    return either == 0 ? 0 : (double) both / either;
  }

  private boolean holds(Condition term, Request request) {
    List<String> values = values(term.dimension(), request);
    if (term.operator().equals("is") && term.value().equals("missing")) {
      return values.isEmpty();
    }
    return values.stream().anyMatch(value -> holds(value, term.operator().toLowerCase(Locale.ROOT), term.value()));
  }

  private static boolean holds(String value, String operator, String wanted) {
    return switch (operator) {
      case "=", "==", "is", "eq" -> same(value, wanted);
      case "!=", "<>", "is not" -> !same(value, wanted);
      case "in" -> isListed(value, wanted);
      case "not in" -> !isListed(value, wanted);
      case ">=", ">", "<=", "<" -> ordered(value, operator, wanted);
      default -> false;
    };
  }

  /// A list stands as JSON, or its values stand between commas.
  private static boolean isListed(String value, String wanted) {
    return List.of(wanted.replaceAll("[\\[\\]\" ]", "").split(",", -1)).contains(value);
  }

  private static boolean same(String value, String wanted) {
    return value.equalsIgnoreCase(wanted) || (number(value).isPresent() && number(value).equals(number(wanted)));
  }

  private static boolean ordered(String value, String operator, String wanted) {
    if (number(value).isEmpty() || number(wanted).isEmpty()) {
      return false;
    }
    double a = number(value).orElseThrow();
    double b = number(wanted).orElseThrow();
    return switch (operator) {
      case ">=" -> a >= b;
      case ">" -> a > b;
      case "<=" -> a <= b;
      default -> a < b;
    };
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private List<String> values(String dimension, Request request) {
    int colon = dimension.indexOf(':');
    String kind = colon < 0 ? dimension : dimension.substring(0, colon);
    String name = colon < 0 ? "" : dimension.substring(colon + 1);
    return switch (kind) {
      case "version" -> List.of(request.version());
      case "client" -> List.of(request.client().id());
      case "header" -> request.client().headers().entrySet().stream().filter(header -> header.getKey().equalsIgnoreCase(name)).map(header -> header.getValue()).toList();
      case "batch_size" -> List.of(String.valueOf(request.batch()));
      case "shape" -> request.inputs().stream().filter(input -> input.name().equals(name)).map(Coverage::extent).toList();
      case "field" -> field(name, request);
      default -> List.of();
    };
  }

  /// The last axis is the one that varies in our models.
  private static String extent(Input input) {
    return String.valueOf(input.width());
  }

  private List<String> field(String name, Request request) {
    var values = new ArrayList<String>();
    for (Input input : request.inputs()) {
      List<String> columns = family.columns().getOrDefault(input.name(), List.of());
      for (int i = 0; i < input.values().size(); i++) {
        Place place = columns.isEmpty() ? Place.of(input.name()) : new Place(input.name(), columns.get(i % columns.size()));
        if (place.isCalled(name) || name.equals(input.name() + "[" + i + "]")) {
          values.add(String.valueOf(input.values().get(i)));
        }
      }
    }
    return values;
  }
}
