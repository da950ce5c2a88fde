package dev.tandem.webhook.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tandem.api.Keys;
import dev.tandem.api.LocalityPath;
import dev.tandem.api.Transport;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BindingStampTest {

  private static final LocalityPath PATH =
      new LocalityPath(
          List.of(
              new LocalityPath.Step("leaf", "l7", 50, Transport.RDMA),
              new LocalityPath.Step("node", "gpu-1", 50, Transport.PCIE)));

  private final BindingStamp stamp = new BindingStamp(Map.of("gpu-1", PATH)::get);

  @Test
  void aBindingIsStampedWithThePathOfItsNode() throws Exception {
    JsonNode binding = json("{'metadata':{'name':'p'},'target':{'kind':'Node','name':'gpu-1'}}");
    assertThat(locality(binding)).isEqualTo("leaf=l7@50/rdma,node=gpu-1@50/pcie");
  }

  @Test
  void aPathTheBindingBroughtAlongIsReplaced() throws Exception {
    JsonNode binding =
        json(
            "{'metadata':{'annotations':{'%s':'forged','a':'b'}},'target':{'name':'gpu-1'}}"
                .formatted(Keys.LOCALITY));
    assertThat(locality(binding)).isEqualTo(PATH.toString());
  }

  @Test
  void anUnknownNodeGetsNoStampAndLosesAForgedOne() throws Exception {
    JsonNode binding =
        json(
            "{'metadata':{'annotations':{'%s':'forged','a':'b'}},'target':{'name':'gpu-9'}}"
                .formatted(Keys.LOCALITY));
    assertThat(stamp.stamp(binding)).isInstanceOf(BindingStamp.Result.Unknown.class);
    JsonNode annotations = applied(binding).path("metadata").path("annotations");
    assertThat(annotations.has(Keys.LOCALITY)).isFalse();
    assertThat(annotations.path("a").asText()).isEqualTo("b");
  }

  @Test
  void aBindingWithoutATargetGoesOnUnchanged() throws Exception {
    assertThat(stamp.stamp(json("{}")))
        .isInstanceOfSatisfying(
            BindingStamp.Result.Unknown.class, unknown -> assertThat(unknown.patch()).isEmpty());
  }

  @Test
  void aBindingWithoutMetadataCanStillBeStamped() throws Exception {
    assertThat(locality(json("{'target':{'name':'gpu-1'}}"))).isEqualTo(PATH.toString());
  }

  private String locality(JsonNode binding) throws Exception {
    return applied(binding).path("metadata").path("annotations").path(Keys.LOCALITY).asText();
  }

  private JsonNode applied(JsonNode binding) throws Exception {
    ArrayNode patch =
        switch (stamp.stamp(binding)) {
          case BindingStamp.Result.Stamped stamped -> stamped.patch();
          case BindingStamp.Result.Unknown unknown -> unknown.patch();
        };
    return JsonPatch.apply(patch, binding);
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
