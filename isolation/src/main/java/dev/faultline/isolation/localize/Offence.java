package dev.faultline.isolation.localize;

import dev.faultline.fault.Field;
import java.util.List;

/// What about an operand a node cannot take, by the rule of its operator.
///
/// `words` says it in one sentence ("index 9 at [0,2] is outside the 4 rows of emb"). `index` holds the coordinates of the element in the
/// operand and is empty when its shape offends. `got` and `want` are the value and what the operator takes. `from` is where the element
/// comes from, likeliest first.
public record Offence(String words, int position, String operand, List<Long> index, String got, String want, List<ElementSource> from) {

  public Offence {
    index = List.copyOf(index);
    from = List.copyOf(from);
  }

  /// The places in the request that the offending element comes from.
  public List<Field> fields() {
    return from.stream().filter(each -> each.source() == Operand.Source.INPUT).map(ElementSource::field).toList();
  }
}
