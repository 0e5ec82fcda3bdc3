package dev.faultline.isolation.rule;

import dev.faultline.contract.FieldRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What the good requests held in one field: `seen` in words, the rules it teaches, and why it does not teach more.
///
/// `questions` are what only people can answer, such as whether -1 means unknown; no rule is made where there is one.
public record FieldLesson(FieldRef field, String type, String seen, List<LearntRule> rules, List<String> notes, List<String> questions) {
  public FieldLesson {
    rules = List.copyOf(rules);
    notes = List.copyOf(notes);
    questions = List.copyOf(questions);
  }

  /// The notes that say why there is no rule, but for those that are there already.
  public List<String> reasons() {
    return notes.stream().filter(note -> !note.startsWith(Lesson.KNOWN)).toList();
  }

  FieldLesson with(String note) {
    var more = new ArrayList<>(notes);
    more.add(note);
    return new FieldLesson(field, type, seen, rules, more, questions);
  }

  /// Without the rules that somebody objects to; an objection, which becomes a note, is empty where there is none.
  public FieldLesson without(Function<LearntRule, String> objection) {
    var left = new ArrayList<LearntRule>();
    var more = new ArrayList<>(notes);
    for (LearntRule rule : rules) {
      String said = objection.apply(rule);
      if (said.isEmpty()) {
        left.add(rule);
      } else {
        more.add(said);
      }
    }
    return new FieldLesson(field, type, seen, left, more, questions);
  }
}
