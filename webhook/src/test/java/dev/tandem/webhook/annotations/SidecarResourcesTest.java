package dev.tandem.webhook.annotations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SidecarResourcesTest {

  @Test
  void aLargerRequestLiftsTheDefaultLimit() {
    SidecarResources resources =
        SidecarResources.DEFAULT.with(Map.of("memory", Quantity.of("1Gi")), Map.of());
    assertThat(resources.limits().get("memory")).isEqualTo(Quantity.of("1Gi"));
  }

  @Test
  void aSmallerLimitLowersTheDefaultRequest() {
    SidecarResources resources =
        SidecarResources.DEFAULT.with(Map.of(), Map.of("cpu", Quantity.of("50m")));
    assertThat(resources.requests().get("cpu")).isEqualTo(Quantity.of("50m"));
  }

  @Test
  void aRequestAboveTheUsersOwnLimitIsRefused() {
    assertThatThrownBy(() ->
            SidecarResources.DEFAULT.with(
                Map.of("cpu", Quantity.of("2")), Map.of("cpu", Quantity.of("1"))))
        .hasMessageContaining("cpu: request 2 is above limit 1");
  }

  @Test
  void quantitiesOfDifferentUnitsCompareByAmount() {
    assertThat(Quantity.of("1000m")).isEqualByComparingTo(Quantity.of("1"));
    assertThat(Quantity.of("1Mi")).isGreaterThan(Quantity.of("1M"));
    assertThat(Quantity.parse("lots")).isNull();
    assertThat(Quantity.parse("-1")).isNull();
  }
}
