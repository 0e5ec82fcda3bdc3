package dev.faultline.graph;

import com.google.protobuf.ByteString;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.AttributeProto.AttributeType;
import dev.faultline.graph.proto.TensorProto;
import java.util.List;

/// A named constant argument of a node, for [GraphBuilder].
public final class Attribute {

  private final AttributeProto proto;

  private Attribute(AttributeProto.Builder proto) {
    this.proto = proto.build();
  }

  public static Attribute ofInt(String name, long value) {
    return new Attribute(named(name, AttributeType.INT).setI(value));
  }

  /// An element type, such as the `to` of `Cast`.
  public static Attribute ofType(String name, ElementType value) {
    return ofInt(name, value.number());
  }

  public static Attribute ofFloat(String name, float value) {
    return new Attribute(named(name, AttributeType.FLOAT).setF(value));
  }

  public static Attribute ofString(String name, String value) {
    return new Attribute(named(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
  }

  public static Attribute ofInts(String name, long... values) {
    AttributeProto.Builder proto = named(name, AttributeType.INTS);
    for (long value : values) {
      proto.addInts(value);
    }
    return new Attribute(proto);
  }

  public static Attribute ofFloats(String name, float... values) {
    AttributeProto.Builder proto = named(name, AttributeType.FLOATS);
    for (float value : values) {
      proto.addFloats(value);
    }
    return new Attribute(proto);
  }

  public static Attribute ofStrings(String name, List<String> values) {
    AttributeProto.Builder proto = named(name, AttributeType.STRINGS);
    values.forEach(value -> proto.addStrings(ByteString.copyFromUtf8(value)));
    return new Attribute(proto);
  }

  /// A tensor of floats, such as the `value` of `Constant`.
  public static Attribute ofTensor(String name, float[] values, long... shape) {
    return ofTensor(name, Tensors.of("", values, shape));
  }

  /// A tensor of whole numbers, such as the `value` of `Constant`.
  public static Attribute ofTensor(String name, long[] values, long... shape) {
    return ofTensor(name, Tensors.of("", values, shape));
  }

  /// A body, such as the `then_branch` of `If`. It may read any value of the graph around it.
  public static Attribute ofBody(String name, GraphBuilder body) {
    return new Attribute(named(name, AttributeType.GRAPH).setG(body.body()));
  }

  /// Inside a function: the whole number that its call states under the name `parameter`.
  public static Attribute ofIntParameter(String name, String parameter) {
    return new Attribute(named(name, AttributeType.INT).setRefAttrName(parameter));
  }

  private static Attribute ofTensor(String name, TensorProto tensor) {
    return new Attribute(named(name, AttributeType.TENSOR).setT(tensor));
  }

  private static AttributeProto.Builder named(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  AttributeProto proto() {
    return proto;
  }
}
