package dev.faultline.isolation.localize;

import java.util.List;
import java.util.function.Predicate;

/// The rewritings of ONNX Runtime 1.29 by the names under which it can be told to leave them out, the usual suspects first.
public final class Optimizers {

  static final List<String> NAMES =
      List.of(
          "ConstantFolding", "MatMulAddFusion", "GemmActivationFusion", "MatMulActivationFusion", "MatMulScaleFusion", "MatmulTransposeFusion",
          "MatMul_BatchNormalization_Fusion", "MatMulIntegerToFloatFusion", "DynamicQuantizeMatMulFusion", "MatMulNBitsQkvFusion", "MatMulNBitsMlpFusion",
          "DQMatMulNBitsFusion", "ConvAddFusion", "ConvMulFusion", "ConvBNFusion", "ConvActivationFusion", "ConvAddActivationFusion", "Pad_Fusion", "LayerNormFusionL1",
          "LayerNormFusionL2", "SimplifiedLayerNormFusion", "SkipLayerNormFusion", "BiasSkipLayerNormFusion", "GeluFusionL1", "GeluFusionL2", "BiasGeluFusion",
          "FastGeluFusion", "QuickGeluFusion", "BiasSoftmaxFusion", "BiasDropoutFusion", "AttentionFusion", "GroupQueryAttentionFusion", "EmbedLayerNormFusion",
          "GatherToSliceFusion", "GatherToSplitFusion", "ReshapeFusion", "SliceConcatToSpaceToDepthFusion", "DivMulFusion", "NotWhereFusion", "FuseReluClip",
          "GemmSumFusion", "GemmTransposeFusion", "LabelEncoderFusion", "CommonSubexpressionElimination", "ConstantSharing", "EliminateIdentity", "EliminateSlice",
          "EliminateDropout", "ExpandElimination", "CastElimination", "CastChainElimination", "NoopElimination", "UnsqueezeElimination", "PreShapeNodeElimination",
          "ClipQuantRewrite", "ReluQuantRewrite", "DoubleQDQPairsRemover", "QDQPropagationTransformer", "QDQSelectorActionTransformer", "QDQS8ToU8Transformer",
          "QDQFinalCleanupTransformer", "TransposeOptimizer", "FreeDimensionOverrideTransformer", "NchwcTransformer", "NhwcTransformer");

  private Optimizers() {}

  /// The one without which the fault goes away; empty when it stays without all of them, or needs several.
  ///
  /// @param passesWithout whether the model runs when these are left out
  public static List<String> guilty(Predicate<List<String>> passesWithout) {
    if (!passesWithout.test(NAMES)) {
      return List.of();
    }
    List<String> suspects = NAMES;
    while (suspects.size() > 1) {
      List<String> half = suspects.subList(0, suspects.size() / 2);
      suspects = passesWithout.test(half) ? half : suspects.subList(suspects.size() / 2, suspects.size());
    }
    return passesWithout.test(suspects) ? suspects : List.of();
  }
}
