package dev.tandem.router.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.api.Role;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodReaderTest {

  private static JsonNode pod(String annotations, String more) {
    try {
      return new JsonMapper()
          .readTree(
              """
              {"metadata":{"name":"x","labels":{"production-stack.vllm.ai/role":"decode",\
              "production-stack.vllm.ai/group":"g","production-stack.vllm.ai/compatibility":"abc"},\
              "annotations":{%s}%s},\
              "status":{"podIP":"10.0.0.7","conditions":[{"type":"Ready","status":"%s"}]}}
              """
                  .formatted(annotations, more, more.isEmpty() ? "True" : "False"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String discovery(String list) {
    return "\"inference.networking.x-k8s.io/port-discovery\":\""
        + list.replace("\"", "\\\"")
        + "\"";
  }

  @Test
  void aPodIsOneEngineWithTheDigestOfItsLabel() {
    List<Peer> peers = PodReader.peers(pod("\"production-stack.vllm.ai/port\":\"8080\"", ""), "p");
    assertThat(peers)
        .singleElement()
        .satisfies(peer -> {
          assertThat(peer.name()).isEqualTo("x");
          assertThat(peer.kind()).isEqualTo(Peer.Kind.SIDECAR);
          assertThat(peer.compatibility()).isEqualTo("abc");
          assertThat(peer.servingAddress()).isEqualTo("10.0.0.7:8080");
          assertThat(peer.address()).isEqualTo("10.0.0.7:8201");
          assertThat(peer.draining()).isFalse();
        });
  }

  @Test
  void aPodOnItsWayOutStaysButDrains() {
    List<Peer> peers =
        PodReader.peers(pod("", ",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\""), "p");
    assertThat(peers).singleElement().satisfies(peer -> assertThat(peer.draining()).isTrue());
  }

  @Test
  void aListOfOnePortIsTheOrdinaryPod() {
    assertThat(
            PodReader.peers(pod(discovery("[{\"inferencePool\":\"p\",\"number\":8000}]"), ""), "p"))
        .singleElement()
        .satisfies(peer -> assertThat(peer.name()).isEqualTo("x"));
  }

  @Test
  void eachPortOfThePoolIsAnEngineWithItsAttributes() {
    List<Peer> peers =
        PodReader.peers(
            pod(
                discovery(
                    "[{\"inferencePool\":\"p\",\"number\":8001,\"attributes\":{\"role\":\"prefill\"}},"
                        + "{\"inferencePool\":\"other\",\"number\":8002},"
                        + "{\"inferencePool\":\"p\",\"number\":8003,\"attributes\":{\"model\":\"m\"}}]"),
                ""),
            "p");
    assertThat(peers).extracting(Peer::name).containsExactly("x-rank-0", "x-rank-2");
    assertThat(peers).extracting(Peer::port).containsExactly(8001, 8003);
    assertThat(peers).extracting(Peer::role).containsExactly(Role.PREFILL, Role.DECODE);
    assertThat(peers).extracting(Peer::model).containsExactly(null, "m");
    assertThat(peers).extracting(Peer::pod).containsOnly("x");
    assertThat(peers).extracting(Peer::kind).containsOnly(Peer.Kind.ENGINE);
  }

  @Test
  void llmdsListOfPortsIsReadUnderBothItsNames() {
    for (String key :
        List.of("llm-d.ai/active-ports", "inference.networking.k8s.io/active-ports")) {
      assertThat(PodReader.peers(pod("\"" + key + "\":\"8001, 8002,x,8002,99999\"", ""), "p"))
          .extracting(Peer::port)
          .containsExactly(8001, 8002);
    }
  }

  @Test
  void aListThatIsNoneIsPassedOver() {
    for (String list : List.of("{", "7", "[7,8]", "[{\"number\":0},{\"number\":-1}]", "null")) {
      assertThat(PodReader.peers(pod(discovery(list), ""), "p"))
          .extracting(Peer::name)
          .containsExactly("x");
    }
  }

  @Test
  void aPoolFollowsThePortsOfAPod() {
    Pool pool = new Pool(null, List.of());
    String both =
        discovery(
            "[{\"inferencePool\":\"p\",\"number\":1},{\"inferencePool\":\"p\",\"number\":2}]");
    pool.pod("x", PodReader.peers(pod(both, ""), "p"));
    assertThat(pool.members())
        .extracting(Peer::name)
        .containsExactlyInAnyOrder("x-rank-0", "x-rank-1");
    pool.pod("x", PodReader.peers(pod("", ""), "p"));
    assertThat(pool.members()).extracting(Peer::name).containsExactly("x");
    pool.pod("x", List.of());
    assertThat(pool.members()).isEmpty();
  }
}
