package dev.tandem.extender.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.placement.Member;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Pods that ask for devices in other ways, or are scheduled together with others. */
class PodKindsTest {
  private static final PodReader PODS =
      new PodReader(
          new GpuResources(List.of("nvidia.com/gpu", "amd.com/gpu", "nvidia.com/mig-1g.10gb")));

  private static PodFacts pod(String spec) {
    String body =
        "{\"Pod\":{\"metadata\":{\"name\":\"p\",\"annotations\":{\"%s\":\"prefill\",\"%s\":\"g\"}},\"spec\":%s},\"NodeNames\":[]}"
            .formatted(Keys.ROLE, Keys.GROUP, spec);
    ExtenderArgs.Parsed parsed = new ArgsReader(PODS).read(body.getBytes(StandardCharsets.UTF_8));
    assertThat(parsed).isInstanceOf(ExtenderArgs.Valid.class);
    return ((ExtenderArgs.Valid) parsed).args().pod();
  }

  private static String asking(String resource, int amount) {
    return "{\"containers\":[{\"resources\":{\"limits\":{\"%s\":\"%d\"}}}]}"
        .formatted(resource, amount);
  }

  @Test
  void aPodCountsByTheResourceItAsksFor() {
    assertThat(pod(asking("amd.com/gpu", 4)).gpus()).isEqualTo(4);
    assertThat(pod(asking("nvidia.com/mig-1g.10gb", 2)).gpus()).isEqualTo(2);
    assertThat(pod(asking("example.com/fpga", 2)).gpus()).isZero();
  }

  @Test
  void absurdAmountsAddUpToMoreThanAnyNodeHasAndNeverBelowNone() {
    String gpus = "{\"resources\":{\"limits\":{\"nvidia.com/gpu\":\"%d\"}}}";
    String most = gpus.formatted(Integer.MAX_VALUE);
    assertThat(pod("{\"containers\":[" + most + "," + most + "]}").gpus())
        .isEqualTo(Member.MOST_GPUS);
    assertThat(pod("{\"containers\":[" + gpus.formatted(-4) + "]}").gpus()).isZero();
  }

  @Test
  void aPodGoesOnlyWhereItsOwnKindIsOffered() {
    assertThat(pod(asking("amd.com/gpu", 4)).nodeSelector()).containsValue("amd.com/gpu");
    assertThat(pod(asking("example.com/fpga", 4)).nodeSelector()).isEmpty();
  }

  @Test
  void claimedDevicesAreLeftToTheSchedulerAndTheReasonSaysSo() {
    PodFacts pod =
        pod(
            "{\"resourceClaims\":[{\"name\":\"gpus\",\"resourceClaimName\":\"c\"}],\"containers\":[]}");
    assertThat(pod.gpus()).isZero();
    assertThat(Objects.requireNonNull(pod.ask()).problem()).contains("DRA");
  }

  @Test
  void aClaimBesideGpusThatAreCountedIsNoReasonToSayOtherwise() {
    String spec = asking("nvidia.com/gpu", 8);
    PodFacts pod =
        pod(
            "{\"resourceClaims\":[{\"name\":\"nic\",\"resourceClaimName\":\"c\"}],"
                + spec.substring(1));
    assertThat(pod.gpus()).isEqualTo(8);
    assertThat(Objects.requireNonNull(pod.ask()).problem()).isNull();
  }

  @Test
  void podsOfAPodGroupAreTentativeByEitherFieldAndOthersAreNot() {
    assertThat(pod("{\"schedulingGroup\":{\"podGroupName\":\"g\"}}").tentative()).isTrue();
    assertThat(pod("{\"workloadRef\":{\"name\":\"w\",\"podGroup\":\"g\"}}").tentative()).isTrue();
    assertThat(pod("{\"schedulingGroup\":null}").tentative()).isFalse();
    assertThat(pod("{}").tentative()).isFalse();
  }
}
