package dev.tandem.controller.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Transport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DesiredStampTest {

  private static final LocalityPath PATH =
      new LocalityPath(List.of(new LocalityPath.Step("node", "gpu-0", 50, Transport.PCIE)));

  @Test
  void aPodWhoseLabelOptsInIsStampedWhateverItsNamespaceSays() {
    assertThat(desired(pod("other", "gpu-0", "true", null))).isEqualTo(write(false));
  }

  @Test
  void aPodWithoutTheLabelFollowsItsNamespace() {
    assertThat(desired(pod("llm", "gpu-0", null, null))).isEqualTo(write(false));
    assertThat(desired(pod("other", "gpu-0", null, null))).isEqualTo(asItIs());
  }

  @Test
  void aPodThatOptedOutOrSaysNeitherIsLeftAlone() {
    assertThat(desired(pod("llm", "gpu-0", "false", null))).isEqualTo(asItIs());
    assertThat(desired(pod("llm", "gpu-0", "yes", null))).isEqualTo(asItIs());
  }

  @Test
  void aRightStampIsNotWrittenAgain() {
    assertThat(desired(pod("llm", "gpu-0", null, PATH.toString()))).isEqualTo(asItIs());
  }

  @Test
  void anotherValueIsCorrected() {
    assertThat(desired(pod("llm", "gpu-0", null, "node=elsewhere@9000/nvlink")))
        .isEqualTo(write(true));
    assertThat(desired(pod("llm", "gpu-0", null, ""))).isEqualTo(write(true));
  }

  @Test
  void aPodOnANodeNobodyKnowsWaits() {
    assertThat(desired(pod("llm", "new", null, null)))
        .isEqualTo(new DesiredStamp.NodeUnknown("new"));
  }

  @Test
  void aPodThatIsBoundNowhereOrIsOverIsLeftAlone() {
    assertThat(desired(pod("llm", null, null, null))).isEqualTo(asItIs());
    assertThat(desired(new BoundPod("llm", "p", "uid", "gpu-0", null, null, true)))
        .isEqualTo(asItIs());
  }

  private static DesiredStamp desired(BoundPod pod) {
    return DesiredStamp.of(pod, "llm"::equals, Map.of("gpu-0", PATH)::get);
  }

  private static DesiredStamp asItIs() {
    return new DesiredStamp.AsItIs();
  }

  private static DesiredStamp write(boolean corrects) {
    return new DesiredStamp.Write(PATH, corrects);
  }

  private static BoundPod pod(
      String namespace, @Nullable String node, @Nullable String inject, @Nullable String locality) {
    return new BoundPod(namespace, "p", "uid", node, inject, locality, false);
  }
}
