package dev.faultline.cli;

import java.util.List;

/// What a command says when it cannot do what was asked, in rustc's shape: what is wrong, where, what is known, how to mend it.
///
/// `code` and `place` may be empty.
record Complaint(String code, String sentence, String place, List<String> notes, List<String> helps) {
  Complaint {
    notes = List.copyOf(notes);
    helps = List.copyOf(helps);
  }

  static Complaint of(String sentence) {
    return new Complaint("", sentence, "", List.of(), List.of());
  }

  Complaint coded(String code) {
    return new Complaint(code, sentence, place, notes, helps);
  }

  Complaint at(String place) {
    return new Complaint(code, sentence, place, notes, helps);
  }

  Complaint note(String note) {
    return new Complaint(code, sentence, place, Lists.and(notes, note), helps);
  }

  Complaint help(String help) {
    return new Complaint(code, sentence, place, notes, Lists.and(helps, help));
  }

  void print(Terminal terminal) {
    String tag = code.isEmpty() ? "error" : "error[" + code + "]";
    terminal.say(terminal.err(Style.RED, tag) + ": " + sentence);
    if (!place.isEmpty()) {
      terminal.say("  --> " + place);
    }
    notes.forEach(note -> terminal.say("  note: " + hang(note, "        ")));
    helps.forEach(help -> terminal.say("  help: " + hang(help, "        ")));
  }

  private static String hang(String text, String indent) {
    return text.replace("\n", "\n" + indent);
  }
}
