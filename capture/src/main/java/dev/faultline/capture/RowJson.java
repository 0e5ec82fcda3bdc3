package dev.faultline.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The two columns that hold JSON of our own: headers, and the faults after the first. Both are flat objects of texts.
final class RowJson {
  private static final JsonFactory JSON = new JsonFactory();

  @FunctionalInterface
  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private RowJson() {}

  static String fromHeaders(Map<String, String> headers) {
    return headers.isEmpty() ? "" : written(json -> writeObject(json, headers));
  }

  static Map<String, String> headers(String text) {
    List<Map<String, String>> objects = objects(text);
    return objects.isEmpty() ? Map.of() : objects.getFirst();
  }

  static String fromFaults(List<CapturedFault> faults) {
    return written(
        json -> {
          json.writeStartArray();
          for (CapturedFault fault : faults) {
            writeObject(json, members(fault));
          }
          json.writeEndArray();
        });
  }

  /// The faults of a row: none when the first one is none.
  static List<CapturedFault> faults(CapturedFault first, String more) {
    var faults = new ArrayList<CapturedFault>();
    if (!first.equals(CapturedFault.NONE)) {
      faults.add(first);
    }
    for (Map<String, String> members : objects(more)) {
      faults.add(fault(members));
    }
    return faults;
  }

  private static Map<String, String> members(CapturedFault fault) {
    var members = new LinkedHashMap<String, String>();
    members.put("fault_id", fault.id());
    members.put("code", fault.code());
    members.put("stage", fault.stage());
    members.put("blame", fault.blame());
    members.put("fingerprint", fault.fingerprint());
    members.put("fault_group", fault.group());
    members.put("field", fault.field());
    members.put("node", fault.node());
    members.put("fault", fault.document());
    return members;
  }

  private static CapturedFault fault(Map<String, String> members) {
    return new CapturedFault(
        members.getOrDefault("fault_id", ""),
        members.getOrDefault("code", ""),
        members.getOrDefault("stage", ""),
        members.getOrDefault("blame", ""),
        members.getOrDefault("fingerprint", ""),
        members.getOrDefault("fault_group", ""),
        members.getOrDefault("field", ""),
        members.getOrDefault("node", ""),
        members.getOrDefault("fault", ""));
  }

  private static void writeObject(JsonGenerator json, Map<String, String> members) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, String> member : members.entrySet()) {
      json.writeStringField(member.getKey(), member.getValue());
    }
    json.writeEndObject();
  }

  private static String written(Writing writing) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static List<Map<String, String>> objects(String text) {
    var objects = new ArrayList<Map<String, String>>();
    try (JsonParser json = JSON.createParser(text)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          objects.add(object(json));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }

  private static Map<String, String> object(JsonParser json) throws IOException {
    var members = new LinkedHashMap<String, String>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      members.put(json.currentName(), json.nextTextValue());
    }
    return members;
  }
}
