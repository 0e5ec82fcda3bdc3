package dev.faultline.serving.declaration;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// One or more files read as one: mappings are merged key by key, and for anything else the last file that has it wins.
public final class Document {
  private final List<Source> sources;
  private final JsonNode merged;
  private final Problems problems;

  /// One file and what stands in it. `name` is what messages call it.
  public record Source(String name, JsonNode content) {}

  /// `sources` in order of application; an empty list is a document in which everything is absent.
  public Document(List<Source> sources, Problems problems) {
    this.sources = List.copyOf(sources);
    this.problems = problems;
    JsonNode all = MissingNode.getInstance();
    for (Source source : sources) {
      all = merge(all, source.content());
    }
    this.merged = all;
  }

  public Declared root() {
    return new Declared(this, JsonPointer.empty(), "", merged);
  }

  Problems problems() {
    return problems;
  }

  /// The file that a problem at `pointer` is about: the last that says something there, or at the nearest place above.
  String sourceOf(JsonPointer pointer) {
    for (JsonPointer at = pointer; ; at = at.head()) {
      for (Source source : sources.reversed()) {
        if (!source.content().at(at).isMissingNode()) {
          return source.name();
        }
      }
      if (at.matches()) {
        return sources.isEmpty() ? "contract" : sources.getLast().name();
      }
    }
  }

  private static JsonNode merge(JsonNode base, JsonNode over) {
    if (!(base instanceof ObjectNode lower) || !(over instanceof ObjectNode upper)) {
      return over.isMissingNode() ? base : over;
    }
    ObjectNode both = lower.deepCopy();
    for (var member : upper.properties()) {
      JsonNode below = lower.get(member.getKey());
      both.set(member.getKey(), below == null ? member.getValue() : merge(below, member.getValue()));
    }
    return both;
  }
}
