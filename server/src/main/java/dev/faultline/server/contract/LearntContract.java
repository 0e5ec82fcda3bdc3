package dev.faultline.server.contract;

import dev.faultline.contract.FieldRef;
import dev.faultline.isolation.rule.FieldLesson;
import dev.faultline.isolation.rule.LearntRule;
import dev.faultline.serving.declaration.YamlEdit;
import dev.faultline.serving.declaration.YamlEdit.EditException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A contract's text with learnt rules in it, each with its support as a comment. What stood there stays, comments too.
record LearntContract(String base, List<FieldLesson> lessons) {
  private static final String MARK = "# learnt: ";

  LearntContract {
    lessons = List.copyOf(lessons);
  }

  boolean has(String name) {
    return lessons.stream().flatMap(lesson -> lesson.rules().stream()).anyMatch(rule -> rule.name().equals(name));
  }

  /// @param header lines about where the rules come from; none for a text that only a program reads
  String text(List<String> header) throws ContractOrderException {
    try {
      var edit = new YamlEdit(base);
      for (FieldLesson lesson : lessons) {
        for (LearntRule rule : lesson.rules()) {
          edit.put(place(rule), rule.value(), support(rule));
        }
      }
      return header.isEmpty() ? edit.text() : headed(header, edit.text());
    } catch (EditException e) {
      throw ContractDesk.unwritable(e);
    }
  }

  private static List<String> place(LearntRule rule) {
    FieldRef field = rule.field();
    return field.isWholeTensor() ? List.of("inputs", field.tensor(), rule.key()) : List.of("inputs", field.tensor(), "fields", field.column(), rule.key());
  }

  private static String support(LearntRule rule) {
    return "%s; %,d requests, at most %s of good ones refused".formatted(rule.why(), rule.support().requests(), String.format(Locale.ROOT, "%.2g %%", rule.support().refusedAtMost() * 100));
  }

  /// In the place of the lines that an earlier one wrote.
  private String headed(List<String> header, String text) {
    var lines = new ArrayList<String>();
    header.forEach(line -> lines.add(MARK + line));
    for (FieldLesson lesson : lessons) {
      lesson.questions().forEach(question -> lines.add(MARK + "question: " + oneLine(lesson.field() + ": " + question)));
      if (lesson.rules().isEmpty()) {
        lesson.reasons().forEach(note -> lines.add(MARK + oneLine(lesson.field() + ": " + note)));
      }
    }
    text.lines().dropWhile(line -> line.startsWith(MARK)).forEach(lines::add);
    return String.join("\n", lines) + "\n";
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
